import { openTemporary } from '@handoff/composition/temporary';
import { after, gameDate, hours, minutes, OfficialGameId, parseInstant, PipelineError, type ExpectedOutputRow, type ScraperExecutionRow } from '@handoff/contracts';
import { allGaps } from '@handoff/gap-ledger';
import { writeLogRows } from '@handoff/log-rows';
import { notePulse } from '@handoff/phase-outputs';
import { guarded, type FlowReport, type Ports, type Statement } from '@handoff/ports';
import { projectSlates } from '@handoff/read-models';
import { aGame, anExpectedOutput, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reconcileLedger } from './reconcile-ledger.ts';

const date = gameDate('2026-01-24');
const [first, second] = [OfficialGameId.parse('0022500645'), OfficialGameId.parse('0022500646')];
const box = 'nba_raw.bdl_player_boxscores';
const tipAt = parseInstant('2026-01-25T00:00:00Z');

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(after(tipAt, hours(12)));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [first, second].map((game) => asLoaded(aGame({ game_date: date, game_id: game, tip_at: tipAt }))) });
  await projectSlates(system.ports, date);
});
afterEach(() => system.close());

const expectRow = (over: Partial<ExpectedOutputRow>) => system.ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: [anExpectedOutput({ scope: first, ...over })] });

async function look(wait = minutes(0), cut: Partial<Ports> = {}): Promise<FlowReport> {
  clock.advance(wait);
  await notePulse(system.ports.state);
  return reconcileLedger('nba', { ports: { ...system.ports, ...cut }, log: silentLog, correlationId: 'spec' });
}

describe('lines of a game that has begun and has none', () => {
  const odds = 'nba_raw.odds_api_player_points_props';
  const log = 'nba_orchestration.scraper_execution_log';
  const askedAt = parseInstant('2026-01-24T15:00:00Z');
  const run = (over: Partial<ScraperExecutionRow> = {}): ScraperExecutionRow => ({
    execution_id: 'run', scraper_name: 'oddsa_player_props', workflow: 'betting_lines', game_date: date, status: 'no_data', triggered_at: askedAt, completed_at: after(askedAt, minutes(1)), duration_seconds: 60, source: 'odds',
    object_paths: [], record_count: 0, data_summary: { until_date: date, files: 0 }, error_code: null, error_message: null, ...over,
  });
  const lines = async () => (await system.ports.warehouse.query<ExpectedOutputRow>({ name: 'spec/lines', text: 'SELECT ledger.state, ledger.reason FROM `nba_orchestration.expected_outputs` AS ledger WHERE ledger.output = @output' }, { output: { type: 'STRING', value: odds } })).map(({ state, reason }) => [state, reason]);
  const logged = (...rows: readonly ScraperExecutionRow[]) => system.ports.warehouse.merge({ table: log, rows });
  beforeEach(() => expectRow({ output: odds, phase: 'phase2', flow: 'pregame', recovery_class: 'time-bound', expected_by: askedAt }));

  it.each<readonly [string, readonly ScraperExecutionRow[], string, string]>([
    ['nobody was asked', [], 'MISSED', 'never-asked'],
    ['another date was asked for', [run({ game_date: '2026-01-23' })], 'MISSED', 'never-asked'],
    ['another source was asked', [run({ scraper_name: 'prizepicks_lines' })], 'MISSED', 'never-asked'],
    ['another game was asked for', [run({ data_summary: { games: [second] } })], 'MISSED', 'never-asked'],
    ['every question failed', [run({ status: 'failed' }), run({ execution_id: 'again', status: 'failed' })], 'MISSED', 'never-answered'],
    ['the answer had none', [run({ status: 'failed' }), run({ execution_id: 'again' })], 'EMPTY_OK', 'none-offered'],
    ['the answer had lines of other games', [run({ status: 'success', record_count: 40 })], 'EMPTY_OK', 'none-offered'],
  ])('are %s: %s', async (_, rows, state, reason) => {
    await logged(...rows);
    await look();
    expect(await lines()).toEqual([[state, reason]]);
    expect(await allGaps(system.ports.state)).toEqual([]);
  });

  it('are said by an answer whose row is late, and by one that is heard of after they were missed', async () => {
    await look();
    expect(await lines()).toEqual([['MISSED', 'never-asked']]);
    await writeLogRows({ ...system.ports, warehouse: refusingMerges() }, silentLog, { table: log, rows: [run()] });
    await look(minutes(30));
    expect(await lines()).toEqual([['EMPTY_OK', 'none-offered']]);
  });

  it('wait where the log of questions cannot be read, and nothing else does', async () => {
    await expectRow({ output: box, expected_by: parseInstant('2026-01-25T11:30:00Z') });
    const unreadable = guarded(system.ports.warehouse, ['query'], (_, [statement]) => { if ((statement as Statement).text.includes(log)) throw new PipelineError({ code: 'warehouse-permission-denied', message: 'refused' }); });
    expect(await look(minutes(0), { warehouse: unreadable })).toMatchObject({ facts: { gapsOpened: 1 } });
    expect(await lines()).toEqual([['EXPECTED', 'none-offered-yet']]);
    await look(minutes(30));
    expect(await lines()).toEqual([['MISSED', 'never-asked']]);
  });

  const refusingMerges = () => guarded(system.ports.warehouse, ['merge'], () => { throw new PipelineError({ code: 'warehouse-unavailable', message: 'refused' }); });
});
