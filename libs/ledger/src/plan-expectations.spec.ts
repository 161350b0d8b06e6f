import { outputs } from '@handoff/catalogue';
import { after, gameDate, hours, OfficialGameId, parseInstant, Tricode, type ExpectedOutputRow } from '@handoff/contracts';
import type { SlateGame } from '@handoff/slate';
import { describe, expect, it } from 'vitest';
import { planExpectations, type ExpectationInput } from './plan-expectations.ts';

const now = parseInstant('2026-01-24T08:00:00Z');
const game = (number: number, over: Partial<SlateGame> = {}): SlateGame => ({
  officialId: OfficialGameId.parse(`002250064${number}`), gameDate: gameDate('2026-01-24'), tipAt: parseInstant('2026-01-25T00:00:00Z'), home: Tricode.parse('ORL'), away: Tricode.parse('MEM'),
  status: 'scheduled', homeScore: null, awayScore: null, movedIn: false, ...over,
});
const plan = (over: Partial<ExpectationInput> = {}) => planExpectations({ gameDate: gameDate('2026-01-24'), slate: [game(1), game(2)], halt: undefined, known: [], now, ...over });
/** Without outputs of sources that are in the catalogue and not asked yet: nothing is ever expected of them. */
const asked = (rows: readonly ExpectedOutputRow[]): readonly ExpectedOutputRow[] => rows.filter(({ reason }) => reason !== 'source-not-enabled');
const rowOf = (rows: readonly ExpectedOutputRow[], output: string, scope: string): ExpectedOutputRow => rows.find((row) => row.output === output && row.scope === scope)!;

describe('a plan', () => {
  it('has one row per output and game, or per output and slate, whatever the output', () => {
    const perGame = outputs.filter(({ scope }) => scope === 'game').length;
    expect(plan()).toHaveLength(perGame * 2 + (outputs.length - perGame));
    expect(new Set(plan().map(({ output, scope, flow }) => `${output} ${scope} ${flow}`)).size).toBe(plan().length);
    expect(asked(plan()).every(({ state }) => state === 'EXPECTED')).toBe(true);
    expect(plan().filter((row) => !asked([row]).includes(row)).every(({ state, phase }) => state === 'EMPTY_OK' && phase === 'phase2')).toBe(true);
  });

  it('is due at the Eastern hour that the catalogue names, of the date or the day after', () => {
    expect(rowOf(plan(), 'nba_raw.nbac_schedule', '0022500641').expected_by).toBe(parseInstant('2026-01-24T12:30:00Z'));
    expect(rowOf(plan(), 'nba_analytics.player_game_summary', '0022500641').expected_by).toBe(parseInstant('2026-01-25T11:30:00Z'));
  });

  it.each`
    what                                  | over                                                                                            | reason
    ${'off season'}                       | ${{ slate: [], halt: 'off-season' }}                                                            | ${'off-season'}
    ${'the all-star break'}               | ${{ slate: [], halt: 'all-star-break' }}                                                        | ${'all-star-break'}
    ${'no games, nobody knows why'}       | ${{ slate: [] }}                                                                                | ${'no-games'}
    ${'a date all of which is postponed'} | ${{ slate: [game(1, { status: 'postponed' })] }}                                                | ${'all-postponed'}
    ${'a date before any source'}         | ${{ gameDate: gameDate('2020-09-30'), slate: [game(1)] }}                                       | ${'source-not-enabled'}
  `('of $what expects nothing of the slate, and says $reason', ({ over, reason }: { over: Partial<ExpectationInput>; reason: string }) => {
    expect(rowOf(plan(over), 'nba_raw.bdl_injuries', 'slate')).toMatchObject({ state: 'EMPTY_OK', reason });
    if (over.slate?.length === 0) expect(plan(over).every((row) => row.state === 'EMPTY_OK' && row.scope === 'slate' && row.reason === reason)).toBe(true);
  });

  it('expects nothing of a postponed game, and everything of the others', () => {
    const rows = plan({ slate: [game(1), game(2, { status: 'postponed' })] });
    expect(rows.filter(({ scope }) => scope === '0022500642').every(({ state, reason }) => state === 'EMPTY_OK' && reason === 'game-postponed')).toBe(true);
    expect(asked(rows).filter(({ scope }) => scope !== '0022500642').every(({ state }) => state === 'EXPECTED')).toBe(true);
  });
});

describe('planning again', () => {
  const later = after(now, hours(10));
  const observed = (state: string, reason: string) => asked(plan()).map((row): ExpectedOutputRow => ({ ...row, state, reason, row_count: 7, observed_at: after(now, hours(5)) }));

  it.each`
    state         | reason
    ${'COMPLETE'} | ${'rows-seen'}
    ${'DEGRADED'} | ${'made-from-an-incomplete-set'}
    ${'FAILED'}   | ${'past-due'}
    ${'MISSED'}   | ${'not-there-at-tip-off'}
    ${'EMPTY_OK'} | ${'primary-source-has-it'}
    ${'EMPTY_OK'} | ${'none-offered'}
    ${'EMPTY_OK'} | ${'nothing-to-make-it-from'}
  `('keeps $state ($reason) as it was observed', ({ state, reason }: { state: string; reason: string }) => {
    const known = observed(state, reason);
    expect(asked(plan({ known, now: later }))).toEqual(known);
  });

  it('turns what was observed of a game that is postponed since to EMPTY_OK, without rows', () => {
    const rows = plan({ known: observed('COMPLETE', 'rows-seen'), slate: [game(1), game(2, { status: 'postponed' })], now: later });
    expect(rowOf(rows, 'nba_raw.nbac_schedule', '0022500642')).toMatchObject({ state: 'EMPTY_OK', reason: 'game-postponed', row_count: 0, planned_at: now });
    expect(rowOf(rows, 'nba_raw.nbac_schedule', '0022500641')).toMatchObject({ state: 'COMPLETE' });
  });

  it('expects again what was EMPTY_OK for a reason that no longer holds', () => {
    const postponed = plan({ slate: [game(1), game(2, { status: 'postponed' })] });
    expect(rowOf(plan({ known: postponed, now: later }), 'nba_raw.nbac_schedule', '0022500642')).toMatchObject({ state: 'EXPECTED', planned_at: now });
  });

  it('adds a game that has moved in and leaves the rest as it was', () => {
    const known = observed('COMPLETE', 'rows-seen');
    const rows = plan({ known, slate: [game(1), game(2), game(3, { movedIn: true })], now: later });
    expect(asked(rows).filter(({ scope }) => scope !== '0022500643')).toEqual(known);
    expect(rowOf(rows, 'nba_raw.nbac_schedule', '0022500643')).toMatchObject({ state: 'EXPECTED', planned_at: later });
  });
});
