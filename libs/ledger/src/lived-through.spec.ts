import { outputs } from '@handoff/catalogue';
import { expect, it } from 'vitest';
import { outputsOfHistory, wasLivedThrough } from './lived-through.ts';

it.each(outputs.map(({ name, recovery, phase, flow }) => [name, recovery === 'convergent' && (phase === 'phase2' || (phase === 'phase3' && flow === 'postgame'))] as const))('%s is of a history: %s', (output, isOfHistory) => {
  expect([outputsOfHistory.includes(output), wasLivedThrough([{ output }])]).toEqual([isOfHistory, !isOfHistory]);
});

it('a date was lived through when anything is expected of it that no history holds', () => {
  expect(wasLivedThrough(outputsOfHistory.map((output) => ({ output })))).toBe(false);
  expect(wasLivedThrough([...outputsOfHistory, 'nba_predictions.player_prop_predictions'].map((output) => ({ output })))).toBe(true);
  expect(wasLivedThrough([])).toBe(false);
});
