import { writeFileSync } from 'node:fs';
import { documentIndexes } from './document-indexes.ts';
import { generatedPages } from './generated-pages.ts';

/** `npm run docs`: writes the indexes of docs/ anew, and the parts of its pages that are generated. */
export function main(): void {
  for (const { path, text } of [...documentIndexes(), ...generatedPages()]) writeFileSync(path, text);
}
