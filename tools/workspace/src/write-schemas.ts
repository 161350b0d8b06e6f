import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bigQuerySchemas, firestoreSchemas, monitoringSchemas } from '@handoff/deploy';

/** `npm run schemas`: writes schemas/ anew from the catalogue. */
export function main(): void {
  for (const folder of ['schemas/bigquery', 'schemas/firestore', 'schemas/monitoring']) rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of [...bigQuerySchemas(), ...firestoreSchemas(), ...monitoringSchemas()]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
