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
import { loadRecordings } from '@handoff/sources-recorded';
import { silentLog } from '@handoff/testing';
import { afterAll, expect, it } from 'vitest';
import { ensureHistory } from './world/history-folder.ts';
import { openSimulation } from './world/simulated-system.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-halts-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });
const season = loadRecordings(fileURLToPath(new URL('../../local/recordings/nba', import.meta.url)));

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
    const asked = await warehouse.query<{ scraper_name: string }>({ name: 'spec/scrapes', text: "SELECT DISTINCT logged.scraper_name AS scraper_name FROM `nba_orchestration.scraper_execution_log` AS logged WHERE logged.workflow != 'backfill' ORDER BY logged.scraper_name" });
    await look({ asked: asked.map(({ scraper_name: name }) => name), alerts: alerts.alerts.map(({ cause, subject }) => `${cause} ${subject}`), gaps: await allGaps(state), healing: published.get('gaps-detected') ?? 0, retried: (await state.query({ collection: retryQueue })).length, warehouse });
  } finally {
    await system.close();
  }
}

it('three days of the off season are silent: nobody is told of anything, nothing is missing, and the schedule alone is asked for', () =>
  living(gameDate('2025-09-20'), gameDate('2025-09-22'), ({ asked, alerts, gaps, healing, retried }) => {
    expect({ asked, alerts, gaps, healing, retried }).toEqual({ asked: ['nbac_schedule_api'], alerts: [], gaps: [], healing: 0, retried: 0 });
  }), 120_000);

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
