import { writeFileSync } from 'node:fs';
import { documentIndexes } from './document-indexes.ts';

/** `npm run docs`: writes the indexes of docs/ anew. */
export function main(): void {
  for (const { path, text } of documentIndexes()) writeFileSync(path, text);
}
