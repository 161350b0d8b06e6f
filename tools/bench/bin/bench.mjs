#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { bundleTool } from '../../workspace/bundle-tool.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { main } = await import(await bundleTool(root, 'tools/bench/src/main.ts'));
await main(root, process.argv.slice(2));
