import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableNamed, type TableName } from '@handoff/catalogue';
import { VirtualClock } from '@handoff/clock-virtual';
import { after, gameDate, hours, type GameDate } from '@handoff/contracts';
import { allGaps } from '@handoff/gap-ledger';
import { spanOfRun } from '@handoff/local';
import type { Warehouse } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { addDays, seasonStart, seasonYearOf } from '@handoff/slate';
import { loadRecordings } from '@handoff/sources-recorded';
import { silentLog } from '@handoff/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readContents, type Contents } from './outcome/read-contents.ts';
import { copyHistory, ensureHistory } from './world/history-folder.ts';
import { openSimulation, type Simulation } from './world/simulated-system.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-holes-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });
const history = join(root, 'history');

const from = gameDate('2026-01-24');
const { startAt } = spanOfRun(from, from);
const season = loadRecordings(fileURLToPath(new URL('../../local/recordings/nba', import.meta.url)));
const [scores, summaries, grades] = ['nba_raw.bdl_player_boxscores', 'nba_analytics.player_game_summary', 'nba_predictions.prediction_accuracy'];
/** What sources have before a game alone, and have answered: their answers are stored. */
const stored = ['nba_raw.bdl_injuries', 'nba_raw.odds_api_player_points_props', 'nba_raw.prizepicks_player_points_lines'] as const;
/** Of the date what is expected of nobody, and stays away: what was offered for a postponed game, and for one after its tip-off. */
const ofNoUse = ['|0022500644', 'nba_raw.odds_api_player_points_props|0022500645'];
const predictions: TableName = 'nba_predictions.player_prop_predictions';
/** Made before a game, and made again in retrospect. */
const contexts = ['nba_analytics.upcoming_team_game_context', 'nba_analytics.upcoming_player_game_context'] as const;
const contentsOf = (warehouse: Warehouse): Promise<Contents> => readContents(warehouse, seasonStart(seasonYearOf(from)), addDays(from, -1));

beforeAll(() => ensureHistory(history, { sport: 'nba', from, season, log: silentLog }), 180_000);

interface Hole extends Record<string, unknown> {
  readonly game_date: string;
  readonly nba_game_id: string;
}

interface Dates {
  readonly from: GameDate;
  readonly until: GameDate;
}

/** The games that a table has rows of, by their ids. */
const gamesOf = (warehouse: Warehouse, table: string, dates: Dates): Promise<readonly Hole[]> => warehouse.query<Hole>(
  { name: 'spec/games', text: `SELECT DISTINCT held.game_date AS game_date, held.nba_game_id AS nba_game_id FROM \`${table}\` AS held WHERE held.game_date BETWEEN @from_date AND @until_date ORDER BY held.nba_game_id` },
  { from_date: { type: 'DATE', value: dates.from }, until_date: { type: 'DATE', value: dates.until } },
);

/** Deletes every row that a table has of a game date. */
const eraseDate = (warehouse: Warehouse, table: TableName, date: GameDate) =>
  warehouse.execute({ name: 'spec/erase-date', text: `DELETE FROM \`${table}\` WHERE ${tableNamed(table).partition} = @game_date` }, { game_date: { type: 'DATE', value: date } });

/** Deletes the rows of a game of those players whose place in the order of their names is wanted. */
async function erase(warehouse: Warehouse, table: string, { game_date: date, nba_game_id: game }: Hole, isWanted: (place: number) => boolean): Promise<void> {
  const ofGame = { game_date: { type: 'DATE', value: date }, game: { type: 'STRING', value: game } } as const;
  const players = await warehouse.query<{ readonly player_lookup: string }>({ name: 'spec/players', text: `SELECT DISTINCT held.player_lookup AS player_lookup FROM \`${table}\` AS held WHERE held.game_date = @game_date AND held.nba_game_id = @game ORDER BY held.player_lookup` }, ofGame);
  const gone = players.map(({ player_lookup: player }) => player).filter((_, place) => isWanted(place));
  await warehouse.execute({ name: 'spec/erase', text: `DELETE FROM \`${table}\` WHERE game_date = @game_date AND nba_game_id = @game AND player_lookup IN UNNEST(@players)` }, { ...ofGame, players: { type: 'ARRAY<STRING>', value: gone } });
}

/** Deletes rows of a table of so many games of the season, drawn from a seed: of every third game a part of the players, of the others all. */
async function punch(warehouse: Warehouse, table: string, { count, seed }: { readonly count: number; readonly seed: number }): Promise<readonly Hole[]> {
  const games = await gamesOf(warehouse, table, { from: seasonStart(seasonYearOf(from)), until: addDays(from, -1) });
  const random = new SeededRandom(seed);
  const holes = games.map((game) => ({ game, place: random.next() })).toSorted((left, right) => left.place - right.place).slice(0, count).map(({ game }) => game);
  for (const [index, hole] of holes.entries()) await erase(warehouse, table, hole, (place) => index % 3 !== 0 || place % 3 === 0);
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
  const folder = join(root, 'run');
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

it('a part of what a date that was lived through holds is found, healed and verified too, grades as well as box scores', async () => {
  const folder = join(root, 'lived');
  copyHistory(history, folder);
  await living(folder, async ({ system }) => {
    const { ports } = system.system;
    await system.runUntil(after(startAt, hours(36)));
    const lived = () => readContents(ports.warehouse, from, from);
    const before = await lived();
    for (const [place, table] of [scores, summaries, grades].entries()) {
      const [game] = await gamesOf(ports.warehouse, table, { from, until: from });
      await erase(ports.warehouse, table, game!, (index) => index % 4 === place);
    }
    expect((await lived()).units).not.toEqual(before.units);
    await system.runUntil(after(startAt, hours(60)));
    expect((await allGaps(ports.state)).map(({ subject, status }) => [subject, status])).toEqual([[scores, 'closed'], ['phase3', 'closed'], ['phase6-grade', 'closed']]);
    expect((await lived()).units).toEqual(before.units);
  });
}, 180_000);

it('a night whose lines, injuries, contexts and predictions were deleted is told of: what was stored is loaded again without asking anybody, contexts are made in retrospect, and nothing else is tried or certified', async () => {
  const folder = join(root, 'night');
  copyHistory(history, folder);
  await living(folder, async ({ system }) => {
    const { ports } = system.system;
    await system.runUntil(after(startAt, hours(36)));
    const ofSources = async () => Object.entries((await readContents(ports.warehouse, from, from)).units).filter(([unit]) => stored.some((table) => unit.includes(table)) && !ofNoUse.some((end) => unit.endsWith(end))).toSorted();
    const before = await ofSources();
    expect(before.length).toBeGreaterThan(10);
    for (const table of [...stored, ...contexts, predictions]) await eraseDate(ports.warehouse, table, from);
    await system.runUntil(after(startAt, hours(60)));
    const gaps = (await allGaps(ports.state)).filter(({ gameDate: of }) => of === from);
    expect(gaps.map(({ subject, status, attempts }) => [subject, status, ...attempts.map(({ repair }) => repair)]).toSorted()).toEqual([
      ['nba_raw.bdl_injuries', 'closed', 'reload bdl_injuries'], ['nba_raw.odds_api_player_points_props', 'closed', 'reload oddsa_player_props'], ['nba_raw.prizepicks_player_points_lines', 'closed', 'reload prizepicks_lines'],
      ['phase3', 'closed', 'again phase2-to-phase3'], ['phase5', 'stopped'],
    ]);
    expect(await ofSources()).toEqual(before);
  });
}, 180_000);
