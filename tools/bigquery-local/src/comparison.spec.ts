import { tableNamed, tables, views } from '@handoff/catalogue';
import { hashOf, hashRow, type Row } from '@handoff/contracts';
import type { Statement, Warehouse } from '@handoff/ports';
import { aBoxScore, aGame, aPrediction, asLoaded, asMade, ManualClock, silentLog } from '@handoff/testing';
import { BigQueryWarehouse, createBigQueryClient } from '@handoff/warehouse-bigquery';
import { openDuckDbWarehouse } from '@handoff/warehouse-duckdb';
import { afterEach, expect, it } from 'vitest';
import { startBigQueryLocal } from './index.ts';

const clock = new ManualClock();
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const days = ['2026-01-15', '2026-01-16'] as const;
const players = Array.from({ length: 13 }, (_, index) => `player${index}`);

const games = days.flatMap((game_date, day) => ['ORL', 'BOS'].map((home, index) =>
  asLoaded(aGame({ game_date, game_id: `002250057${day}${index}`, game_code: `${game_date.replaceAll('-', '')}/MEM${home}`, home_team_tricode: home, is_postponed: index === 1 && day === 0 }))));

const boxScores = (day: string, points: number): readonly Row[] =>
  players.map((player_lookup, index) => asLoaded(aBoxScore({ game_date: day, player_lookup, points: points + index, minutes: 20 + index / 3, plus_minus: index % 2 === 0 ? null : -index })));

const predictions = (day: string, factors: Parameters<typeof aPrediction>[0]): readonly Row[] =>
  players.map((player_lookup, index) => asMade(aPrediction({ game_date: day, player_lookup, predicted_points: 20 + index / 7, ...factors })));

/** What was done to a warehouse, and what it said: counts of merges, and the rows that queries gave. */
async function story(warehouse: Warehouse): Promise<readonly unknown[]> {
  const merges = [
    { table: 'nba_raw.nbac_schedule', rows: games },
    ...days.map((day) => ({ table: 'nba_raw.bdl_player_boxscores', rows: boxScores(day, 10) })),
    { table: 'nba_raw.bdl_player_boxscores', rows: boxScores(days[0], 10) },
    { table: 'nba_raw.bdl_player_boxscores', rows: boxScores(days[0], 11).slice(2), replaceScope: { partitions: [days[0]] } },
    { table: 'nba_predictions.player_prop_predictions', rows: predictions(days[0], { factors: { pace: 101.25, notes: ["it's", '"quoted"', 'Dončić'] } }) },
    { table: 'nba_predictions.player_prop_predictions', rows: predictions(days[0], { factors: { pace: 99 }, recommendation: 'UNDER' }).slice(0, 5) },
    { table: 'nba_predictions.player_prop_predictions', rows: [], replaceScope: { partitions: [days[0]], column: 'player_lookup', values: ['player7', "no'body"] } },
  ];
  const told: unknown[] = [];
  for (const merge of merges) told.push(await warehouse.merge(merge));
  const remove = { name: 'remove', text: "DELETE FROM `nba_raw.bdl_player_boxscores` WHERE game_date = @day AND points BETWEEN 12 AND 13" };
  told.push(await warehouse.execute(remove, { day: { type: 'DATE', value: days[1] } }));
  for (const { name, text } of questions) told.push({ name, rows: await warehouse.query({ name, text }, { days: { type: 'ARRAY<DATE>', value: days } }) });
  return told;
}

const questions: readonly Statement[] = [
  ...['nba_raw.nbac_schedule', 'nba_raw.bdl_player_boxscores', 'nba_predictions.player_prop_predictions'].map((name) => ({
    name, text: `SELECT * FROM \`${name}\` WHERE game_date IN UNNEST(@days) ORDER BY ${tableNamed(name).key.join(', ')}`,
  })),
  { name: 'mappings', text: 'SELECT * FROM `nba_raw.v_game_id_mappings` ORDER BY nba_game_id' },
  {
    name: 'averages',
    text: `SELECT player_lookup, AVG(points) AS mean, STDDEV_POP(minutes) AS spread, COUNTIF(plus_minus IS NULL) AS unknown, ARRAY_AGG(points ORDER BY game_date, points) AS series
      FROM \`nba_raw.bdl_player_boxscores\` WHERE game_date IN UNNEST(@days) GROUP BY player_lookup ORDER BY player_lookup`,
  },
  {
    name: 'windows',
    text: `SELECT s.player_lookup, p.recommendation, LAG(s.points) OVER (PARTITION BY s.player_lookup ORDER BY s.game_date) AS before, SAFE_DIVIDE(s.points, s.minutes) AS rate
      FROM \`nba_raw.bdl_player_boxscores\` AS s LEFT JOIN \`nba_predictions.player_prop_predictions\` AS p
        ON p.game_date = s.game_date AND p.player_lookup = s.player_lookup AND p.game_date IN UNNEST(@days)
      WHERE s.game_date IN UNNEST(@days)
      QUALIFY ROW_NUMBER() OVER (PARTITION BY s.player_lookup ORDER BY s.game_date DESC) = 1 ORDER BY s.player_lookup`,
  },
];

/** What the tables mean, row by row in the order of their keys. */
const digestsOf = (warehouse: Warehouse): Promise<readonly string[]> =>
  Promise.all(questions.slice(0, 3).map(async ({ name, text }) => {
    const rows = await warehouse.query({ name, text }, { days: { type: 'ARRAY<DATE>', value: days } });
    return hashOf(rows.map((row) => hashRow(row, tableNamed(name).business)).join('\n'));
  }));

it.each(['inline', 'by load jobs'])('the same merges and queries say the same on DuckDB and through the BigQuery client, rows %s', async (how) => {
  const embedded = await openDuckDbWarehouse({ path: ':memory:', tables, views, clock });
  const server = await startBigQueryLocal({ project: 'compared', tables, views, clock });
  opened.push(embedded, server);
  const client = createBigQueryClient({ project: 'compared', location: 'US', endpoint: server.url });
  const warehouse = new BigQueryWarehouse({ client, tables, views, clock, log: silentLog, inlineRowsMax: how === 'inline' ? 1_000 : 0 });
  const [direct, overRest] = [await story(embedded), await story(warehouse)];
  expect(overRest).toEqual(direct);
  expect(warehouse.counters()).toMatchObject({ mutations: 9, loadJobs: how === 'inline' ? 0 : 7 });
  const digests = await Promise.all([embedded, warehouse].map(digestsOf));
  expect(digests[1]).toEqual(digests[0]);
  expect(new Set(digests[0]).size).toBe(3);
});
