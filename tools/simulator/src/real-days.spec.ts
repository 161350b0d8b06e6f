import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VirtualClock } from '@handoff/clock-virtual';
import { gameDate, type GameDate } from '@handoff/contracts';
import { allGaps } from '@handoff/gap-ledger';
import type { Gap } from '@handoff/ledger';
import { spanOfRun } from '@handoff/local';
import type { Warehouse } from '@handoff/ports';
import { retryQueue } from '@handoff/retry-queue';
import { addDays, easternTime } from '@handoff/slate';
import { loadRecordings } from '@handoff/sources-recorded';
import { silentLog } from '@handoff/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { ensureHistory } from './world/history-folder.ts';
import { openSimulation } from './world/simulated-system.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-halts-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });
const season = loadRecordings(fileURLToPath(new URL('../../local/recordings/nba', import.meta.url)));

/** What is asked for about a date with games; rosters, documents and play by play are not enabled. */
const everyDaySource = ['bdl_injuries', 'bdl_player_box_scores', 'nbac_player_boxscore', 'nbac_schedule_api', 'oddsa_player_props', 'prizepicks_lines'];

interface Lived {
  readonly asked: readonly string[];
  readonly alerts: readonly string[];
  readonly gaps: readonly Gap[];
  readonly healing: number;
  readonly retried: number;
  readonly warehouse: Warehouse;
}

/** Lives through some dates without faults, and looks at what was asked, what people heard and what was missing. */
async function living(from: GameDate, to: GameDate, look: (lived: Lived) => Promise<void> | void): Promise<void> {
  const folder = join(root, from);
  await ensureHistory(folder, { sport: 'nba', from, season, log: silentLog });
  const { startAt, endAt } = spanOfRun(from, to);
  const { system, published, alerts } = await openSimulation({ folder, sport: 'nba', season, clock: new VirtualClock(startAt), seed: 1, config: {}, faults: [], log: silentLog });
  try {
    await system.runUntil(endAt);
    const { warehouse, state } = system.system.ports;
    // The run ends at noon of the day after, whose work is its own.
    const asked = await warehouse.query<{ scraper_name: string }>({ name: 'spec/scrapes', text: "SELECT DISTINCT logged.scraper_name AS scraper_name FROM `nba_orchestration.scraper_execution_log` AS logged WHERE logged.workflow != 'backfill' AND logged.game_date BETWEEN @from_date AND @to_date ORDER BY logged.scraper_name" }, { from_date: { type: 'DATE', value: from }, to_date: { type: 'DATE', value: to } });
    await look({ asked: asked.map(({ scraper_name: name }) => name), alerts: alerts.alerts.map(({ cause, subject }) => `${cause} ${subject}`), gaps: await allGaps(state), healing: published.get('gaps-detected') ?? 0, retried: (await state.query({ collection: retryQueue })).length, warehouse });
  } finally {
    await system.close();
  }
}

describe.each`
  what                                   | from            | to              | asked
  ${'a week of the off season'}          | ${'2025-09-15'} | ${'2025-09-21'} | ${['nbac_schedule_api']}
  ${'the all-star break'}                | ${'2025-02-14'} | ${'2025-02-18'} | ${['nbac_schedule_api']}
  ${'a day without games in mid-season'} | ${'2025-12-24'} | ${'2025-12-24'} | ${['nbac_schedule_api']}
  ${'a week with games on every day'}    | ${'2026-01-19'} | ${'2026-01-25'} | ${everyDaySource}
`('$what', ({ from, to, asked: sources }: { from: string; to: string; asked: readonly string[] }) => {
  it('is silent: nobody is told of anything, nothing is missing, nothing is tried again', () =>
    living(gameDate(from), gameDate(to), ({ asked, alerts, gaps, healing, retried }) => {
      expect({ asked, alerts, gaps, healing, retried }).toEqual({ asked: sources, alerts: [], gaps: [], healing: 0, retried: 0 });
    }), 240_000);
});

/** Clocks are put back at 02:00 ET of the one date, so that 01:00 comes twice, and forward on the other, which has no 02:00. */
describe.each(['2025-11-02', '2025-03-09'])('the night to %s, in which clocks are changed', (changed) => {
  it('has each of its windows once, for the slate of its evening, and collects it', () =>
    living(addDays(gameDate(changed), -1), gameDate(changed), async ({ alerts, gaps, warehouse }) => {
      const evening = addDays(gameDate(changed), -1);
      const open = await warehouse.query<{ name: string; runs: number }>({ name: 'spec/windows', text: "SELECT decided.workflow_name AS name, COUNT(*) AS runs FROM `nba_orchestration.workflow_decisions` AS decided WHERE decided.reason != 'outside-window' AND decided.workflow_name IN ('post_game_window_1', 'post_game_window_2', 'post_game_window_2b', 'post_game_window_3', 'morning_recovery') AND decided.decision_time BETWEEN @from AND @until GROUP BY name ORDER BY name" }, { from: { type: 'TIMESTAMP', value: easternTime(evening, 12, 0) }, until: { type: 'TIMESTAMP', value: easternTime(gameDate(changed), 12, 0) } });
      expect(open).toEqual(['morning_recovery', 'post_game_window_1', 'post_game_window_2', 'post_game_window_2b', 'post_game_window_3'].map((name) => ({ name, runs: 1 })));
      const asked = await warehouse.query<{ game_date: string }>({ name: 'spec/asked', text: "SELECT DISTINCT logged.game_date AS game_date FROM `nba_orchestration.scraper_execution_log` AS logged WHERE STARTS_WITH(logged.workflow, 'post_game_window') AND logged.triggered_at BETWEEN @from AND @until" }, { from: { type: 'TIMESTAMP', value: easternTime(evening, 12, 0) }, until: { type: 'TIMESTAMP', value: easternTime(gameDate(changed), 12, 0) } });
      expect(asked).toEqual([{ game_date: evening }]);
      expect({ alerts, gaps }).toEqual({ alerts: [], gaps: [] });
    }), 240_000);
});

it('a game that is postponed on its day is in no gap and no retry, is neither predicted nor graded that day, and is complete on the day it is played', () =>
  living(gameDate('2026-01-24'), gameDate('2026-01-25'), async ({ gaps, healing, retried, warehouse }) => {
    expect({ gaps, healing, retried }).toEqual({ gaps: [], healing: 0, retried: 0 });
    const game = '0022500644';
    const count = async (table: string, date: string, condition = 'TRUE'): Promise<number> => {
      const [row] = await warehouse.query<{ found: number }>({ name: 'spec/count', text: `SELECT COUNT(*) AS found FROM \`${table}\` AS held WHERE held.game_date = @date AND held.nba_game_id = @game AND ${condition}` }, { date: { type: 'DATE', value: date }, game: { type: 'STRING', value: game } });
      return row?.found ?? 0;
    };
    const [was, is] = ['2026-01-24', '2026-01-25'];
    // It was predicted in the morning; what was is taken back, and kept.
    expect(await count('nba_predictions.player_prop_predictions', was)).toBeGreaterThan(0);
    expect(await count('nba_predictions.player_prop_predictions', was, 'held.is_active')).toBe(0);
    for (const table of ['nba_raw.bdl_player_boxscores', 'nba_analytics.player_game_summary', 'nba_predictions.prediction_accuracy']) expect([table, await count(table, was)]).toEqual([table, 0]);
    for (const table of ['nba_raw.bdl_player_boxscores', 'nba_analytics.player_game_summary', 'nba_predictions.prediction_accuracy']) expect(await count(table, is), table).toBeGreaterThan(10);
  }), 120_000);
