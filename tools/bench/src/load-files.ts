import { CircuitBreakerConfig } from '@handoff/catalogue';
import type { FilesStored } from '@handoff/contracts';
import { loadRaw } from '@handoff/flow-load-raw';
import { scrapeSource } from '@handoff/flow-scrape-source';
import type { RecordedSeason } from '@handoff/sources-recorded';
import { filesOf, statsBetween, type BoxScoreFile } from './box-score-files.ts';
import { best, floorSeconds, timed, type Measurement } from './measurements.ts';
import { historyRequest, openWorkbench, type Workbench } from './workbench.ts';

interface FileBenchmark {
  readonly name: string;
  readonly files: number;
  readonly rows: number;
  readonly earlierSeconds: number;
}

const first = '2025-10-21';
const last = '2026-01-26';
const now = '2026-01-27T17:00:00Z';
const breakers = CircuitBreakerConfig.parse({});

/** Files of box scores stored, validated, loaded and verified one by one, as messages come. */
export async function benchmarkFiles(season: RecordedSeason, { name, files, rows, earlierSeconds }: FileBenchmark): Promise<Measurement> {
  const prepared = await openWorkbench(season, now);
  const stats = (await statsBetween(prepared.source, first, last)).slice(0, rows);
  await prepared.close();
  const batch = filesOf(stats, files);
  const seconds = await best(3, async () => {
    const bench = await openWorkbench(season, now);
    await loadSchedule(bench);
    const taken = await timed(async () => { for (const file of batch) await loadFile(bench, file); });
    await verifyTotal(bench, rows);
    await bench.close();
    return taken;
  });
  return { name, rows, seconds, earlierSeconds, floorSeconds: await best(3, () => floorSeconds(batch.map(({ text }) => text))) };
}

export async function loadSchedule(bench: Workbench, gameDate: BoxScoreFile['from'] = '2026-01-26' as BoxScoreFile['from']): Promise<void> {
  const { context, system } = bench;
  const request = historyRequest('nbac_schedule_api', gameDate, gameDate, system.ports.clock.now());
  await scrapeSource(request, context, breakers);
  const scrape = await system.ports.state.get<{ files: FilesStored['files'] }>({ collection: 'scrapes', id: request.requestId });
  await loadRaw({ sport: 'nba', purpose: 'history', executionId: request.requestId, workflow: 'backfill', gameDate, untilDate: gameDate, files: [...(scrape?.value.files ?? [])], fetchedAt: system.ports.clock.now() }, context, breakers);
}

/** Stores one answer, loads it, and looks whether its rows are there. */
export async function loadFile({ system, context }: Workbench, file: BoxScoreFile): Promise<void> {
  const { ports } = system;
  const path = `ball-dont-lie/player-box-scores/${file.from}/${file.contentHash.slice(0, 16)}.json`;
  await ports.objects.put(path, new TextEncoder().encode(file.text), { contentType: 'application/json' });
  const message: FilesStored = { sport: 'nba', purpose: 'history', executionId: file.contentHash, workflow: 'backfill', gameDate: file.from, untilDate: file.until, files: [{ path, contentHash: file.contentHash }], fetchedAt: ports.clock.now() };
  await loadRaw(message, context, breakers);
  const text = 'SELECT COUNT(*) AS loaded FROM `nba_raw.bdl_player_boxscores` AS scores WHERE scores.game_date BETWEEN @from_date AND @until_date AND scores.source_file_path = @path';
  const [row] = await ports.warehouse.query<{ loaded: number }>({ name: 'bench/verify', text }, { from_date: { type: 'DATE', value: file.from }, until_date: { type: 'DATE', value: file.until }, path: { type: 'STRING', value: path } });
  if (row?.loaded !== file.rows) throw new RangeError(`${path} has ${file.rows} rows and ${row?.loaded ?? 0} were loaded`);
}

async function verifyTotal({ system }: Workbench, rows: number): Promise<void> {
  const text = "SELECT COUNT(*) AS loaded FROM `nba_raw.bdl_player_boxscores` AS scores WHERE scores.game_date >= '2020-01-01'";
  const [row] = await system.ports.warehouse.query<{ loaded: number }>({ name: 'bench/total', text });
  if (row?.loaded !== rows) throw new RangeError(`${row?.loaded ?? 0} of ${rows} rows are there`);
}
