import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scraperNamed, type ScraperName } from '@handoff/catalogue';
import { gameDate, hashOf, parseInstant } from '@handoff/contracts';
import { FileObjectStore } from '@handoff/objects-files';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadStoredAnswers } from './stored-answers.ts';

const date = gameDate('2026-01-24');
let folder: string;
let objects: FileObjectStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-answers-'));
  objects = new FileObjectStore(folder);
});
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

const store = async (...paths: readonly string[]): Promise<void> => { for (const path of paths) await objects.put(path, new TextEncoder().encode(path)); };
const answersOf = async (name: ScraperName) => (await loadStoredAnswers(objects, scraperNamed(name), date)).answers.map(({ fetchedAt, files }) => [fetchedAt, files.map(({ path }) => path.split('/').slice(3).join('/'))]);
const at = (time: string) => parseInstant(`2026-01-25T${time}:00Z`);

it('of what replaces what came before the newest is worth loading, page by page and part by part', async () => {
  await store(
    'espn/boxscores/2026-01-24/1/20260125T060000000Z-aaa.html', 'espn/boxscores/2026-01-24/1/20260125T070000000Z-bbb.html',
    'espn/boxscores/2026-01-24/2/20260125T050000000Z-ccc.html', 'espn/boxscores/2026-01-24/3/20260125T070000000Z-ddd.html',
  );
  expect(await answersOf('espn_boxscore')).toEqual([
    [at('05:00'), ['2/20260125T050000000Z-ccc.html']],
    [at('07:00'), ['1/20260125T070000000Z-bbb.html', '3/20260125T070000000Z-ddd.html']],
  ]);
});

it('pages that were fetched at one moment are one answer', async () => {
  await store(...['aaa', 'bbb'].map((hash) => `ball-dont-lie/player-box-scores/2026-01-24/20260125T060000000Z-${hash}.json`));
  const path = 'ball-dont-lie/player-box-scores/2026-01-24/20260125T060000000Z-aaa.json';
  const { found, answers } = await loadStoredAnswers(objects, scraperNamed('bdl_player_box_scores'), date);
  expect([found, answers.length, answers[0]?.files.length]).toEqual([2, 1, 2]);
  expect(answers[0]?.files[0]).toEqual({ path, contentHash: hashOf(path) });
});

it('of snapshots each is, but for one that says what the one before said', async () => {
  await store(...['06-aaa', '07-aaa', '08-bbb', '09-aaa'].map((name) => `prizepicks/lines/2026-01-24/20260125T${name.replace('-', '0000000Z-')}.json`));
  expect((await answersOf('prizepicks_lines')).map(([when]) => when)).toEqual([at('06:00'), at('08:00'), at('09:00')]);
});

it('nothing is stored of another date, nor under a name that is none of ours', async () => {
  await store('prizepicks/lines/2026-01-23/20260125T060000000Z-aaa.json', 'prizepicks/lines/2026-01-24/readme.txt');
  expect(await loadStoredAnswers(objects, scraperNamed('prizepicks_lines'), date)).toEqual({ found: 1, answers: [] });
});
