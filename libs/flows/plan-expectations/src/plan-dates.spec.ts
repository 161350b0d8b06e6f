import { switchSourceOff, switchSourcesOn } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, parseInstant, type GameDate, type ScheduleRow } from '@handoff/contracts';
import { writeGap } from '@handoff/gap-ledger';
import { wasLivedThrough } from '@handoff/ledger';
import type { FlowContext } from '@handoff/ports';
import { loadLedgerOfDates } from '@handoff/read-models';
import { addDays } from '@handoff/slate';
import { aGame, aGap, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planAhead, planDates } from './plan-dates.ts';

const today = gameDate('2026-01-24');
const dates = [-3, -2, -1, 0].map((shift) => addDays(today, shift));

let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  system = await openTemporary({ clock: new ManualClock(parseInstant('2026-01-24T08:00:00Z')), log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: dates.map((date, index) => asLoaded(aGame({ game_date: date, game_id: `002250064${index}`, tip_at: parseInstant(`${addDays(date, 1)}T00:00:00Z`) }))) });
});
afterEach(async () => {
  switchSourcesOn();
  await system.close();
});

const context = (): FlowContext => ({ ports: system.ports, log: silentLog, correlationId: 'spec' });
/** Whether each date is planned as one that is lived through; undefined for one that is not planned. */
async function lived(): Promise<readonly (boolean | undefined)[]> {
  const rows = await loadLedgerOfDates(system.ports.warehouse, dates);
  return dates.map((date: GameDate) => rows.filter((row) => row.game_date === date)).map((own) => (own.length === 0 ? undefined : wasLivedThrough(own)));
}

it('what was loaded before the first date that is lived through is expected as history, and everything from that date on', async () => {
  await planAhead('nba', context());
  expect(await lived()).toEqual([false, false, false, true]);
});

it('a date that nobody planned is lived through when one before it was', async () => {
  await planDates([dates[0]!], context());
  expect(await lived()).toEqual([false, undefined, undefined, undefined]);
  await system.ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: (await loadLedgerOfDates(system.ports.warehouse, [dates[0]!])).slice(0, 1).map((row) => ({ ...row, game_date: dates[1]!, output: 'nba_predictions.prediction_accuracy' })) });
  await planDates([dates[2]!, dates[3]!], context());
  expect(await lived()).toEqual([false, true, true, true]);
});

it('planning again keeps what was observed', async () => {
  await planAhead('nba', context());
  const before = await loadLedgerOfDates(system.ports.warehouse, dates);
  const seen = { ...before[0]!, state: 'COMPLETE', reason: 'rows-seen', row_count: 20 };
  await system.ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: [seen] });
  expect(await planDates([dates[0]!, ...dates.slice(1)], context())).toMatchObject({ facts: { inserted: 0, updated: 0 } });
  expect(await loadLedgerOfDates(system.ports.warehouse, dates)).toEqual([seen, ...before.slice(1)]);
});

describe('a date that is planned already and long over', () => {
  const old = dates[0]!;
  const game = '0022500640';
  const stateOf = async (output: string) => (await loadLedgerOfDates(system.ports.warehouse, [old])).find((row) => row.output === output && row.scope === game);
  const scheduled = (over: Partial<ScheduleRow>) => system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(aGame({ game_date: old, game_id: game, tip_at: parseInstant(`${addDays(old, 1)}T00:00:00Z`), ...over }))] });
  const box = 'nba_raw.bdl_player_boxscores';
  const missed = async () => {
    const known = await loadLedgerOfDates(system.ports.warehouse, [old]);
    await system.ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: known.map((row) => ({ ...row, state: 'FAILED', reason: 'past-due' })) });
  };
  beforeEach(async () => {
    await planAhead('nba', context());
    await missed();
  });

  it('is planned again when its postponement is learned three days later, and when that is taken back', async () => {
    await scheduled({ is_postponed: true });
    expect(await planAhead('nba', context())).toMatchObject({ facts: { from: old, dates: 3 } });
    expect(await stateOf(box)).toMatchObject({ state: 'EMPTY_OK', reason: 'game-postponed' });
    expect(await planAhead('nba', context())).toMatchObject({ facts: { from: addDays(today, -1), dates: 2, updated: 0 } });
    await scheduled({ is_postponed: false });
    await planAhead('nba', context());
    expect(await stateOf(box)).toMatchObject({ state: 'EXPECTED' });
  });

  it('is planned again while a gap of it is open, and a source that is off by then is not expected any more', async () => {
    await writeGap(system.ports.state, aGap({ gameDate: old }));
    switchSourceOff('nba-com', { from: '2026-01-20' });
    await planAhead('nba', context());
    expect(await stateOf('nba_raw.nbac_schedule')).toMatchObject({ state: 'EMPTY_OK', reason: 'source-not-enabled' });
  });
});
