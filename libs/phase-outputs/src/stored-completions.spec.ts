import { outputs, tables } from '@handoff/catalogue';
import { gameDate, OfficialGameId, parseInstant } from '@handoff/contracts';
import { aBoxScore, aGame, asLoaded, ManualClock } from '@handoff/testing';
import { openDuckDbWarehouse, type DuckDbWarehouse } from '@handoff/warehouse-duckdb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadStoredCompletions, planningHash } from './stored-completions.ts';

const date = gameDate('2026-01-24');
const [first, second] = [OfficialGameId.parse('0022500645'), OfficialGameId.parse('0022500646')];
const outputNamed = (name: string) => outputs.find((output) => output.name === name)!;

let warehouse: DuckDbWarehouse;
beforeEach(async () => { warehouse = await openDuckDbWarehouse({ path: ':memory:', tables, clock: new ManualClock(parseInstant('2026-01-25T12:00:00Z')) }); });
afterEach(() => warehouse.close());

it.each(outputs.filter(({ name }) => !name.startsWith('exports/')))('$name, of which nothing is stored, has completed nothing', async (output) => {
  expect(await loadStoredCompletions(warehouse, output, { date, games: [] })).toBeUndefined();
});

it('a box score is told as it was when it was loaded: a completion per game, of the games that are asked for', async () => {
  const rows = [first, second].map((game) => asLoaded(aBoxScore({ game_date: date, game_id: `d_${game}`, nba_game_id: game, player_lookup: 'lukadoncic' })));
  await warehouse.merge({ table: 'nba_raw.bdl_player_boxscores', rows });
  const output = outputNamed('nba_raw.bdl_player_boxscores');
  expect((await loadStoredCompletions(warehouse, output, { date, games: [] }))?.completions.map(({ scope, rowCount }) => [scope, rowCount]).toSorted()).toEqual([[first, 1], [second, 1]]);
  expect((await loadStoredCompletions(warehouse, output, { date, games: [second] }))?.completions.map(({ scope }) => scope)).toEqual([second]);
});

it('a scheduled game is told by what planning needs of it', async () => {
  const row = asLoaded(aGame({ game_date: date, game_id: first, tip_at: parseInstant('2026-01-25T00:00:00Z') }));
  await warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [row] });
  expect((await loadStoredCompletions(warehouse, outputNamed('nba_raw.nbac_schedule'), { date, games: [] }))?.completions).toMatchObject([{ scope: first, contentHash: planningHash(row) }]);
});
