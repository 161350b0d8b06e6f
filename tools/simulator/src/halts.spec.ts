import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VirtualClock } from '@handoff/clock-virtual';
import { gameDate, type GameDate } from '@handoff/contracts';
import { allGaps } from '@handoff/gap-ledger';
import { spanOfRun } from '@handoff/local';
import { loadRecordings } from '@handoff/sources-recorded';
import { silentLog } from '@handoff/testing';
import { afterAll, expect, it } from 'vitest';
import { ensureHistory } from './world/history-folder.ts';
import { openSimulation } from './world/simulated-system.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-halts-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });
const season = loadRecordings(fileURLToPath(new URL('../../local/recordings/nba', import.meta.url)));

/** Lives through some dates, and tells what was asked, what people heard and what was missing. */
async function lived(from: GameDate, to: GameDate) {
  const folder = join(root, from);
  await ensureHistory(folder, { sport: 'nba', from, season, log: silentLog });
  const { startAt, endAt } = spanOfRun(from, to);
  const simulation = await openSimulation({ folder, sport: 'nba', season, clock: new VirtualClock(startAt), seed: 1, config: {}, faults: [], log: silentLog });
  try {
    await simulation.system.runUntil(endAt);
    const runs = await simulation.system.system.ports.warehouse.query<{ scraper_name: string; runs: number }>({ name: 'spec/scrapes', text: 'SELECT logged.scraper_name AS scraper_name, COUNT(*) AS runs FROM `nba_orchestration.scraper_execution_log` AS logged WHERE logged.workflow != \'backfill\' GROUP BY logged.scraper_name ORDER BY logged.scraper_name' });
    return { asked: runs.map(({ scraper_name: name }) => name), alerts: simulation.alerts.alerts.map(({ cause, subject }) => `${cause} ${subject}`), gaps: await allGaps(simulation.system.system.ports.state), healing: simulation.published.get('gaps-detected') ?? 0 };
  } finally {
    await simulation.system.close();
  }
}

it('three days of the off season are silent: nobody is told of anything, nothing is missing, and the schedule alone is asked for', async () => {
  expect(await lived(gameDate('2025-09-20'), gameDate('2025-09-22'))).toEqual({ asked: ['nbac_schedule_api'], alerts: [], gaps: [], healing: 0 });
}, 120_000);
