import { outputNamed } from '@handoff/catalogue';
import { after, epochMs, gameDate, hours, type EpochMs, type ExpectedOutputRow } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findGaps, gapKey, isOpen, settleGaps, waive, type Gap, type Waiver } from './gaps.ts';
import { ledgerStates } from './states.ts';

const date = gameDate('2026-01-24');
const now = epochMs(Date.UTC(2026, 0, 25, 12));
const [first, second] = ['0022500645', '0022500646'] as const;
const box = 'nba_raw.bdl_player_boxscores';
const alternative = 'nba_raw.nbac_player_boxscores';
const [players, offense, defense] = ['nba_analytics.player_game_summary', 'nba_analytics.team_offense_game_summary', 'nba_analytics.team_defense_game_summary'] as const;
const graded = 'nba_predictions.prediction_accuracy';

const row = (output: string, scope: string, state: string, over: Partial<ExpectedOutputRow> = {}): ExpectedOutputRow => {
  const { phase, flow, recovery } = outputNamed(output)!;
  return {
    game_date: date, output, scope, phase, flow, recovery_class: recovery, state, reason: state === 'COMPLETE' ? 'rows-seen' : 'past-due', cause: null, expected_by: epochMs(Date.UTC(2026, 0, 25, 11, 30)),
    row_count: state === 'COMPLETE' ? 21 : 0, planned_at: epochMs(Date.UTC(2026, 0, 24, 8)), observed_at: now, ...over,
  };
};
const told = (rows: readonly ExpectedOutputRow[]) => findGaps(rows).map(({ subject, missing }) => [subject, missing]);
const summaries = (scope: string, state: string) => [players, offense, defense].map((output) => row(output, scope, state));

describe('gaps of a date', () => {
  it('are none where everything is there', () => {
    expect(findGaps([row(box, first, 'COMPLETE'), ...summaries(first, 'COMPLETE')])).toEqual([]);
  });

  it('are of an output, with every game that lacks it', () => {
    expect(told([row(box, second, 'FAILED'), row(box, first, 'FAILED')])).toEqual([[box, [`${box}|${first}`, `${box}|${second}`]]]);
  });

  it('leave out what follows from them, which is no gap of its own', () => {
    expect(told([row(box, first, 'FAILED'), ...summaries(first, 'FAILED'), row(graded, first, 'FAILED')])).toEqual([[box, [`${box}|${first}`]]]);
  });

  it('are one for all that a phase makes together, where what it is made from is there', () => {
    expect(told([row(box, first, 'COMPLETE'), ...summaries(first, 'FAILED')])).toEqual([['phase3', [players, defense, offense].toSorted().map((output) => `${output}|${first}`)]]);
  });

  it('are none of a stand-in: it is the primary that is missing', () => {
    expect(told([row(box, first, 'FAILED'), row(alternative, first, 'FAILED')])).toEqual([[box, [`${box}|${first}`]]]);
  });

  it('are none of a game whose phase has not run while another game of the date is missing before it', () => {
    expect(told([row(box, first, 'COMPLETE'), row(box, second, 'FAILED'), ...summaries(first, 'FAILED')])).toEqual([[box, [`${box}|${second}`]]]);
  });

  it('are of a game alone once its phase has run for others', () => {
    expect(told([row(box, first, 'COMPLETE'), row(box, second, 'COMPLETE'), ...summaries(first, 'COMPLETE'), row(players, second, 'FAILED')])).toEqual([['phase3', [`${players}|${second}`]]]);
  });

  it('are of what can still be made although what it is made from was missed', () => {
    const [context, cache] = ['nba_analytics.upcoming_team_game_context', 'nba_precompute.player_daily_cache'];
    expect(told([row(context, first, 'MISSED'), row(cache, first, 'FAILED')])).toEqual([['phase4', [`${cache}|${first}`]]]);
    expect(told([row(context, first, 'EXPECTED'), row(cache, first, 'FAILED')])).toEqual([]);
  });

  it('are of a history where nothing of the date is graded', () => {
    expect(findGaps([row(box, first, 'FAILED')])[0]).toMatchObject({ purpose: 'history' });
    expect(findGaps([row(box, first, 'FAILED'), row(graded, first, 'EXPECTED')])[0]).toMatchObject({ purpose: 'live' });
  });
});

describe('a gap over time', () => {
  const missingOne = [row(box, first, 'FAILED'), row(graded, first, 'EXPECTED')];
  const [opened] = settleGaps({ known: [], rows: missingOne, now }) as readonly [Gap];
  const later = after(now, hours(1));
  const settle = (rows: readonly ExpectedOutputRow[], known: readonly Gap[] = [opened], at: EpochMs = later) => settleGaps({ known, rows, now: at });

  it('is opened once, to be acted on at once', () => {
    expect(opened).toMatchObject({ gameDate: date, flow: 'postgame', phase: 'phase2', subject: box, occurrence: 1, status: 'open', missing: [`${box}|${first}`], openedAt: now, nextActionAt: now, attempts: [], attemptCount: 0, version: 1 });
    expect(settle(missingOne)).toEqual([]);
  });

  it('is closed when the rows were seen', () => {
    expect(settle([row(box, first, 'COMPLETE')])).toMatchObject([{ status: 'closed', endedAt: later, resolution: 'rows seen: 21', nextActionAt: null, version: 2 }]);
  });

  it('is closed when a stand-in has the rows, and says so', () => {
    expect(settle([row(box, first, 'EMPTY_OK', { reason: 'alternative-source-has-it' })])).toMatchObject([{ status: 'closed', resolution: 'rows seen: 0, the rest from an alternative source' }]);
  });

  it.each(['game-postponed', 'source-not-enabled'])('is void when nothing is expected any more: %s', (reason) => {
    expect(settle([row(box, first, 'EMPTY_OK', { reason })])).toMatchObject([{ status: 'void', resolution: `not expected any more: ${reason}` }]);
  });

  it('is void when its moment has passed', () => {
    expect(settle([row(box, first, 'MISSED', { reason: 'not-there-at-tip-off' })])).toMatchObject([{ status: 'void' }]);
  });

  it('is not closed by rows that nobody has seen', () => {
    expect(settle([])).toMatchObject([{ status: 'void', resolution: 'not expected any more: not-in-the-ledger' }]);
  });

  it('shrinks with what arrives, and waits as before', () => {
    const [both] = settleGaps({ known: [], rows: [...missingOne, row(box, second, 'FAILED')], now });
    const waiting: Gap = { ...both!, nextActionAt: after(now, hours(3)) };
    expect(settle([row(box, first, 'COMPLETE'), row(box, second, 'FAILED')], [waiting])).toMatchObject([{ missing: [`${box}|${second}`], nextActionAt: after(now, hours(3)), status: 'open' }]);
  });

  it('grows with what goes missing, and is acted on at once', () => {
    const waiting: Gap = { ...opened, status: 'stopped', nextActionAt: after(now, hours(12)) };
    expect(settle([...missingOne, row(box, second, 'FAILED')], [waiting])).toMatchObject([{ missing: [`${box}|${first}`, `${box}|${second}`], status: 'open', nextActionAt: later }]);
  });

  it('opens again as another occurrence', () => {
    const [closed] = settle([row(box, first, 'COMPLETE')]);
    expect(settle(missingOne, [closed!], after(now, hours(2)))).toMatchObject([{ occurrence: 2, status: 'open', version: 3 }]);
    expect(settle([row(box, first, 'COMPLETE')], [closed!])).toEqual([]);
  });

  describe('that people accept', () => {
    const pairs = [first, second].map((game) => `${box}|${game}`) as [string, string];
    const waiver = (pair: string): Waiver => ({ pair, by: 'somebody', reason: 'no source has it', at: later });
    const rows = [...missingOne, row(box, second, 'FAILED')];
    const [both] = settleGaps({ known: [], rows, now }) as readonly [Gap];
    const over = waive(waive(both, waiver(pairs[0])), waiver(pairs[1]));

    it('ends when all of it is accepted, with who and why', () => {
      expect(waive(both, waiver(pairs[0]))).toMatchObject({ status: 'open', missing: [pairs[1]], waived: [waiver(pairs[0])] });
      expect(over).toMatchObject({ status: 'waived', resolution: 'accepted by somebody: no source has it', endedAt: later, nextActionAt: null });
    });

    it('never opens again for what was accepted, however it is looked at, and does for anything else', () => {
      expect(settle(rows, [over])).toEqual([]);
      expect(settle(rows, [waive(both, waiver(pairs[0]))])).toEqual([]);
      const third = row(box, '0022500647', 'FAILED');
      const again = settle([...rows, third], [over]);
      expect(again).toMatchObject([{ status: 'open', occurrence: 2, missing: [`${box}|0022500647`], waived: over.waived }]);
      const [closed] = settle([...rows, { ...third, state: 'COMPLETE', row_count: 9 }], again);
      expect(closed).toMatchObject({ status: 'closed' });
      expect(settle(rows, [closed!])).toEqual([]);
    });
  });

  it('of a source that has brought something is woken, whatever its round', () => {
    const stopped: Gap = { ...opened, gameDate: gameDate('2025-10-25'), status: 'stopped', nextActionAt: after(now, hours(12)) };
    const tried: Gap = { ...opened, attempts: [{ at: now, repair: 'scrape bdl_player_box_scores', missing: opened.missing, messages: 1, by: 'self-heal', correlationId: 'spec' }], attemptCount: 1 };
    const rows = [row(box, first, 'COMPLETE'), row(box, first, 'FAILED', { game_date: '2025-10-25' })];
    expect(settle(rows, [tried, stopped]).map(({ gameDate: of, status, nextActionAt }) => [of, status, nextActionAt])).toEqual([[date, 'closed', null], ['2025-10-25', 'stopped', later]]);
  });
});

it('whatever the ledger says, a gap is closed only where rows of all that was missing were seen, and what is missing is in a gap or follows from one', () => {
  const worlds = fc.array(fc.record({ output: fc.constantFrom(box, alternative, players, offense, defense, graded), scope: fc.constantFrom(first, second), state: fc.constantFrom(...ledgerStates) }), { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(worlds, worlds, (before, then) => {
    const rowsOf = (cells: typeof before) => [...new Map(cells.map((cell) => [`${cell.output}|${cell.scope}`, row(cell.output, cell.scope, cell.state)])).values()];
    const known = settleGaps({ known: [], rows: rowsOf(before), now });
    const rows = rowsOf(then);
    const changes = settleGaps({ known, rows, now: after(now, hours(1)) });
    const standing = [...new Map([...known, ...changes].map((gap) => [gapKey(gap), gap])).values()];
    for (const gap of changes.filter(({ status }) => status === 'closed')) for (const pair of gap.missing) expect(rows.find((one) => `${one.output}|${one.scope}` === pair)?.row_count).toBeGreaterThan(0);
    const open = standing.filter(isOpen);
    for (const gap of open) for (const pair of gap.missing) expect(rows.find((one) => `${one.output}|${one.scope}` === pair)?.state).toBe('FAILED');
    for (const found of findGaps(rows)) expect(open.find((gap) => gapKey(gap) === gapKey(found))?.missing).toEqual(expect.arrayContaining([...found.missing]));
    expect(settleGaps({ known: standing, rows, now: after(now, hours(2)) })).toEqual([]);
  }));
});
