#!/usr/bin/env node
// Bundles the command line from its sources where they have changed, then runs it: nothing has to be built first.
import { fileURLToPath } from 'node:url';
import { bundleTool } from '../../workspace/bundle-tool.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { main } = await import(await bundleTool(root, 'tools/cli/src/main.ts'));
process.exitCode = await main(process.argv.slice(2), { root });
