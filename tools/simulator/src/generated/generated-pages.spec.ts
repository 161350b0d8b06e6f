import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generatedPages } from './generated-pages.ts';
import { simulatorSchemas } from './simulator-schemas.ts';

it.each(generatedPages())('$path is up to date (npm run docs writes it)', ({ path, text }) => {
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it.each(simulatorSchemas())('$path is what the table of faults says (npm run schemas writes it)', ({ path, text }) => {
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('a page without the marks of a part says which it lacks', () => {
  expect(() => generatedPages([{ path: 'README.md', mark: 'nothing', text: '' }])).toThrow('README.md has no <!-- generated: nothing');
});
