import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bigQuerySchemas } from './bigquery-schemas.ts';

/** `npm run schemas`: writes schemas/ anew from the catalogue. */
export function main(): void {
  rmSync('schemas/bigquery', { recursive: true, force: true });
  for (const { path, text } of bigQuerySchemas()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
