import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { simulatorSchemas } from '@handoff/simulator';
import { bigQuerySchemas } from './bigquery-schemas.ts';
import { firestoreSchemas } from './firestore-schemas.ts';

/** `npm run schemas`: writes schemas/ anew from the catalogue, and from the simulator's table of faults. */
export function main(): void {
  for (const folder of ['schemas/bigquery', 'schemas/firestore', 'schemas/simulator']) rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of [...bigQuerySchemas(), ...firestoreSchemas(), ...simulatorSchemas()]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
