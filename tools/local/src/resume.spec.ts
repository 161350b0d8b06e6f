import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tables } from '@handoff/catalogue';
import { VirtualClock } from '@handoff/clock-virtual';
import { gameDate, parseInstant } from '@handoff/contracts';
import { madeUpSeason } from '@handoff/sources-recorded';
import { silentLog } from '@handoff/testing';
import { openDuckDbWarehouse } from '@handoff/warehouse-duckdb';
import { afterAll, expect, it } from 'vitest';
import { replay, type ReplayResult } from './replay.ts';
import { replayWords } from './replay-words.ts';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'handoff-resume-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

interface Scrape extends Record<string, unknown> {
  readonly execution_id: string;
  readonly triggered_at: number;
  readonly status: string;
}

/** The scrapes that a folder's warehouse knows of, its process being dead. */
async function scrapesOf(folder: string): Promise<readonly Scrape[]> {
  const warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.duckdb'), tables, clock: new VirtualClock(parseInstant('2026-06-01T00:00:00Z')) });
  return warehouse.query<Scrape>({ name: 'spec/scrapes', text: 'SELECT runs.execution_id, runs.triggered_at, runs.status FROM `nba_orchestration.scraper_execution_log` AS runs ORDER BY runs.execution_id' }).finally(() => warehouse.close());
}

async function childBundle(): Promise<string> {
  const { bundleTool } = (await import(join(workspace, 'tools/workspace/bundle-tool.mjs'))) as { readonly bundleTool: (root: string, entry: string) => Promise<string> };
  return fileURLToPath(await bundleTool(workspace, 'tools/local/src/replay-child.ts'));
}

const essence = ({ dates, handoffs }: ReplayResult['report']) => ({ dates, handoffs: handoffs.map(({ messageId, ...rest }) => ({ ...rest, isConfirmed: messageId !== '' })) });

it('a replay that is killed between calls and in the middle of them, again and again, repeats no scrape and ends equal to one that was left alone in another folder', async () => {
  const folder = join(root, 'killed');
  const child = await childBundle();
  let known: readonly Scrape[] = [];
  let text = '';
  for (const [kind, after] of [['lines', 4], ['events', 9], ['lines', 30], ['events', 40], ['lines', 61], ['events', 30], ['never', 0]] as const) {
    const { signal, status, stdout, stderr } = spawnSync(process.execPath, [child, folder, kind, String(after)], { encoding: 'utf8', cwd: workspace });
    expect({ kind, after, signal, status, stderr }).toEqual({ kind, after, signal: kind === 'never' ? null : 'SIGKILL', status: kind === 'never' ? 0 : null, stderr: '' });
    const scrapes = await scrapesOf(folder);
    expect(scrapes).toEqual(expect.arrayContaining([...known]));
    expect(new Set(scrapes.map(({ execution_id: id }) => id)).size).toBe(scrapes.length);
    known = scrapes;
    text = stdout;
  }
  const { season, from, to } = replayWords;
  const { report } = await replay({ sport: 'nba', from: gameDate(from), to: gameDate(to), season: madeUpSeason(season), folder: join(root, 'whole'), log: () => silentLog });
  expect(essence(JSON.parse(text) as ReplayResult['report'])).toEqual(essence(report));
  expect(known).toEqual(await scrapesOf(join(root, 'whole')));
  const answered = readFileSync(`${folder}.scrapes`, 'utf8').trim().split('\n');
  expect(answered.toSorted()).toEqual(known.map(({ execution_id: id }) => id).toSorted());
}, 180_000);
