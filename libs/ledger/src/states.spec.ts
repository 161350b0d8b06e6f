import { gameDate } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { ledgerStates, mayMove, worstStateOf } from './states.ts';

describe('the worst of an output’s scopes', () => {
  it.each(ledgerStates)('knows %s', (state) => {
    expect(worstStateOf([state])).toBe(state);
  });

  it.each([
    ['MISSED', 'FAILED', 'FAILED'],
    ['EXPECTED', 'MISSED', 'MISSED'],
    ['COMPLETE', 'EXPECTED', 'EXPECTED'],
    ['COMPLETE', 'DEGRADED', 'DEGRADED'],
    ['EMPTY_OK', 'COMPLETE', 'COMPLETE'],
  ] as const)('of %s and %s is %s', (left, right, worst) => {
    expect(worstStateOf([left, right])).toBe(worst);
    expect(worstStateOf([right, left])).toBe(worst);
  });

  it('is none where there is no scope', () => {
    expect(worstStateOf([])).toBeUndefined();
  });
});

it.each`
  state         | reason                    | recent   | old
  ${'EXPECTED'} | ${'planned'}              | ${true}  | ${true}
  ${'FAILED'}   | ${'past-due'}             | ${true}  | ${true}
  ${'EMPTY_OK'} | ${'none-offered'}         | ${true}  | ${false}
  ${'EMPTY_OK'} | ${'game-postponed'}       | ${false} | ${false}
  ${'MISSED'}   | ${'never-asked'}          | ${true}  | ${false}
  ${'MISSED'}   | ${'never-answered'}       | ${true}  | ${false}
  ${'MISSED'}   | ${'not-there-at-tip-off'} | ${false} | ${false}
  ${'COMPLETE'} | ${'rows-seen'}            | ${false} | ${false}
`('$state, $reason may be moved by an observation of a recent date: $recent, of an old one: $old', ({ state, reason, recent, old }: { readonly state: string; readonly reason: string; readonly recent: boolean; readonly old: boolean }) => {
  const may = (date: string): boolean => mayMove({ state, reason, game_date: date }, gameDate('2026-01-22'));
  expect([may('2026-01-22'), may('2026-01-21')]).toEqual([recent, old]);
});
