import { fileURLToPath } from 'node:url';
import { bundleTool } from './bundle-tool.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { main } = await import(await bundleTool(root, 'tools/workspace/src/write-docs.ts'));
main();
const { writeDocs } = await import(await bundleTool(root, 'tools/simulator/src/generated/write-generated.ts'));
writeDocs();
