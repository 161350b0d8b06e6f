import { mkdirSync, writeFileSync } from 'node:fs';
import { generatedPages } from './generated-pages.ts';
import { simulatorSchemas } from './simulator-schemas.ts';

/** `npm run schemas`: writes schemas/simulator/ anew from the table of faults. */
export function writeSchemas(): void {
  mkdirSync('schemas/simulator', { recursive: true });
  for (const { path, text } of simulatorSchemas()) writeFileSync(path, text);
}

/** `npm run docs`: writes the generated parts of docs/ anew. */
export function writeDocs(): void {
  for (const { path, text } of generatedPages()) writeFileSync(path, text);
}
