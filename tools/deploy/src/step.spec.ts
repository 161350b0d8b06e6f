import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linesOf } from './step.ts';

/** What a shell makes of a line: its words, each followed by a NUL. */
const wordsOf = (lines: readonly string[]): readonly string[] => execFileSync('sh', ['-c', lines.join('\n')], { encoding: 'utf8' }).split('\0').slice(0, -1);

it('a line says to a shell what a program is given without one, whatever is in its words', () => {
  // A NUL is no part of any argument.
  const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
  fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (words) => {
    expect(wordsOf(linesOf({ argv: ['printf', String.raw`%s\0`, ...words] }))).toEqual(words);
  }), { numRuns: 50 });
});

it('what a program reads follows as a document, with nothing replaced in it', () => {
  const stdin = 'SELECT `a.b`, "$HOME", \'it\'\'s\'\nFROM \\d\n';
  expect(execFileSync('sh', ['-c', linesOf({ argv: ['cat'], stdin }).join('\n')], { encoding: 'utf8' })).toBe(stdin);
});
