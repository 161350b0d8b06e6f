import { readFileSync } from 'node:fs';
import { faultDocuments, type GeneratedPart } from './fault-documents.ts';

/** A page of docs/, as it should be. */
export interface GeneratedPage {
  readonly path: string;
  readonly text: string;
}

/** Pages that people write, with parts in them that are generated, as they should be. */
export function generatedPages(parts: readonly GeneratedPart[] = faultDocuments()): readonly GeneratedPage[] {
  const paths = [...new Set(parts.map(({ path }) => path))];
  return paths.map((path) => ({ path, text: parts.filter((part) => part.path === path).reduce(withPart, readFileSync(path, 'utf8')) }));
}

const begin = (mark: string): string => `<!-- generated: ${mark}, by npm run docs -->`;
const end = '<!-- end of generated -->';

/** @throws RangeError for a page without the marks between which the part belongs. */
function withPart(page: string, { path, mark, text }: GeneratedPart): string {
  const start = page.indexOf(begin(mark));
  const stop = page.indexOf(end, start);
  if (start === -1 || stop === -1) throw new RangeError(`${path} has no ${begin(mark)} with ${end} after it`);
  return `${page.slice(0, start)}${begin(mark)}\n\n${text}\n\n${page.slice(stop)}`;
}
