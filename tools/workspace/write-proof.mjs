import { fileURLToPath } from 'node:url';
import { bundleTool } from './bundle-tool.mjs';

const { main } = await import(await bundleTool(fileURLToPath(new URL('../../', import.meta.url)), 'tools/simulator/src/proof/write-proof.ts'));
await main(process.argv.slice(2));
