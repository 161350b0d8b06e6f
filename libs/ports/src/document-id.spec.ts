import { expect, it } from 'vitest';
import { documentId } from './document-id.ts';

it.each(['phase3-trigger|nba_2026-01-24_postgame_phase3_r1', 'a', 'x'.repeat(200)])('a name that can be an id is the id: %s', (name) => {
  expect(documentId(name)).toBe(name);
});

it.each([['with a slash', 'a/b'], ['of 201 characters', 'x'.repeat(201)], ['empty', ''], ['with letters of other languages', 'Dončić']])('a name %s is hashed', (_, name) => {
  expect(documentId(name)).toMatch(/^[0-9a-f]{64}$/);
});
