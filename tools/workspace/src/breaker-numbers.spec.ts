import { expect, it } from 'vitest';
import { readWorkspaceFile, sourceFiles } from './workspace-files.ts';

const numbersAre = 'libs/catalogue/src/breakers.ts';

/** A lockout, threshold or trial that is given its number on the spot: `lockoutDays = 7`, `openFor: minutes(30)`. */
const literal = /\b\w*(?:lockout|openFor|failuresMax|failureWindow|failure_?threshold|trialsMax|trialFor|trial_?calls|conflict_?pct)\w*\s*[:=]\s*(?:\d|(?:milliseconds|seconds|minutes|hours|days)\(\s*\d)/i;

it.each(['const lockoutDays = 7;', 'failuresMax: 3,', 'openFor: minutes(30)', "'entity', { entity_failure_threshold: 3 }"])('%s is a number of a breaker', (text) => {
  expect(literal.test(text)).toBe(true);
});

it('no number of a breaker stands anywhere but in the catalogue: the earlier system had a lockout of seven days in six places', () => {
  expect(sourceFiles().filter((path) => path !== numbersAre && literal.test(readWorkspaceFile(path)))).toEqual([]);
});
