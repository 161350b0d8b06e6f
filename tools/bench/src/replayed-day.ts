import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gameDate } from '@handoff/contracts';
import { replay } from '@handoff/local';
import { createLog } from '@handoff/logging';
import type { RecordedSeason } from '@handoff/sources-recorded';

export interface DayMeasurement {
  readonly days: number;
  readonly secondsPerDay: number;
  readonly historySeconds: number;
  readonly statementsPerDay: number;
  readonly callsPerDay: number;
}

/** Five slates hour by hour, over HTTP, without rendering; the loading of the season before them apart. */
export async function benchmarkDay(season: RecordedSeason): Promise<DayMeasurement> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-bench-'));
  const [from, to, days] = [gameDate('2026-01-19'), gameDate('2026-01-23'), 5];
  const startedAt = performance.now();
  let historyEndedAt = startedAt;
  const { calls, warehouseStatements } = await replay({
    sport: 'nba', from, to, season, folder,
    log: (clock) => createLog({ level: 'silent', clock, stream: process.stderr }),
    onHistory: () => { historyEndedAt = performance.now(); },
  });
  const endedAt = performance.now();
  rmSync(folder, { recursive: true, force: true });
  const allCalls = [...calls.values()].reduce((sum, count) => sum + count, 0);
  return { days, secondsPerDay: (endedAt - historyEndedAt) / 1_000 / days, historySeconds: (historyEndedAt - startedAt) / 1_000, statementsPerDay: warehouseStatements / days, callsPerDay: allCalls / days };
}
