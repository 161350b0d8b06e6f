import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VirtualClock } from '@handoff/clock-virtual';
import { after, gameDate, hours } from '@handoff/contracts';
import { allGaps } from '@handoff/gap-ledger';
import { spanOfRun } from '@handoff/local';
import type { Warehouse } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { addDays, seasonStart, seasonYearOf } from '@handoff/slate';
import { loadRecordings } from '@handoff/sources-recorded';
import { silentLog } from '@handoff/testing';
import { afterAll, expect, it } from 'vitest';
import { readContents, type Contents } from './outcome/read-contents.ts';
import { copyHistory, ensureHistory } from './world/history-folder.ts';
import { openSimulation, type Simulation } from './world/simulated-system.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-holes-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

const from = gameDate('2026-01-24');
const { startAt } = spanOfRun(from, from);
const season = loadRecordings(fileURLToPath(new URL('../../local/recordings/nba', import.meta.url)));
const [scores, summaries] = ['nba_raw.bdl_player_boxscores', 'nba_analytics.player_game_summary'];
const contentsOf = (warehouse: Warehouse): Promise<Contents> => readContents(warehouse, seasonStart(seasonYearOf(from)), addDays(from, -1));

interface Hole extends Record<string, unknown> {
  readonly game_date: string;
  readonly nba_game_id: string;
}

/** Deletes rows of a table of so many games of the season, drawn from a seed: of every third game a part of the players, of the others all. */
async function punch(warehouse: Warehouse, table: string, { count, seed }: { readonly count: number; readonly seed: number }): Promise<readonly Hole[]> {
  const bounds = { from_date: { type: 'DATE', value: seasonStart(seasonYearOf(from)) }, until_date: { type: 'DATE', value: addDays(from, -1) } } as const;
  const games = await warehouse.query<Hole>({ name: 'spec/games', text: `SELECT DISTINCT scores.game_date AS game_date, scores.nba_game_id AS nba_game_id FROM \`${table}\` AS scores WHERE scores.game_date BETWEEN @from_date AND @until_date ORDER BY scores.nba_game_id` }, bounds);
  const random = new SeededRandom(seed);
  const holes = games.map((game) => ({ game, place: random.next() })).toSorted((left, right) => left.place - right.place).slice(0, count).map(({ game }) => game);
  for (const [index, { game_date: date, nba_game_id: game }] of holes.entries()) {
    const ofGame = { game_date: { type: 'DATE', value: date }, game: { type: 'STRING', value: game } } as const;
    const players = await warehouse.query<{ readonly player_lookup: string }>({ name: 'spec/players', text: `SELECT scores.player_lookup AS player_lookup FROM \`${table}\` AS scores WHERE scores.game_date = @game_date AND scores.nba_game_id = @game ORDER BY scores.player_lookup` }, ofGame);
    const gone = players.map(({ player_lookup: player }) => player).filter((_, place) => index % 3 !== 0 || place % 3 === 0);
    await warehouse.execute({ name: 'spec/punch', text: `DELETE FROM \`${table}\` WHERE game_date = @game_date AND nba_game_id = @game AND player_lookup IN UNNEST(@players)` }, { ...ofGame, players: { type: 'ARRAY<STRING>', value: gone } });
  }
  return holes;
}

async function living<Result>(folder: string, act: (simulation: Simulation) => Promise<Result>): Promise<Result> {
  const simulation = await openSimulation({ folder, sport: 'nba', season, clock: new VirtualClock(startAt), seed: 1, config: {}, faults: [], log: silentLog });
  try {
    return await act(simulation);
  } finally {
    await simulation.system.close();
  }
}

it('thirty holes in box scores of a season and some in what was made of them, whole games and parts of games, are all found the next morning, healed and verified, and nothing else is touched', async () => {
  const [history, folder] = [join(root, 'history'), join(root, 'run')];
  await ensureHistory(history, { sport: 'nba', from, season, log: silentLog });
  copyHistory(history, folder);
  await living(folder, async ({ system, published }) => {
    const { ports } = system.system;
    const before = await contentsOf(ports.warehouse);
    const punched = [[scores, await punch(ports.warehouse, scores, { count: 30, seed: 7 })], [summaries, await punch(ports.warehouse, summaries, { count: 9, seed: 8 })]] as const;
    expect((await contentsOf(ports.warehouse)).units).not.toEqual(before.units);
    await system.runUntil(after(startAt, hours(9)));
    const gaps = await allGaps(ports.state);
    expect(gaps.flatMap(({ gameDate: date, missing }) => missing.map((pair) => `${date} ${pair}`)).toSorted()).toEqual(punched.flatMap(([table, holes]) => holes.map((hole) => `${hole.game_date} ${table}|${hole.nba_game_id}`)).toSorted());
    expect(new Set(gaps.map(({ status, attempts }) => `${status} after ${attempts.length}`))).toEqual(new Set(['closed after 1']));
    expect((await contentsOf(ports.warehouse)).units).toEqual(before.units);
    // One message for each date with a hole, and nothing downstream: what was made from the rows is as it was.
    expect(gaps.reduce((sum, { attempts }) => sum + attempts.reduce((all, { messages }) => all + messages, 0), 0)).toBe(gaps.length);
    expect(published.get('gaps-detected')).toBeLessThanOrEqual(6);
  });
}, 180_000);
