import { performance } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';

/** One line of the report. */
export interface Measurement {
  readonly name: string;
  readonly rows: number;
  readonly seconds: number;
  /** The same bytes through JSON.parse and one bulk load, in the same run. */
  readonly floorSeconds: number;
  /** What the earlier system took for it, where that is known. */
  readonly earlierSeconds?: number;
  readonly remark?: string;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1_000;
}

/** The least of several runs: noise only adds. */
export async function best(runs: number, work: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) least = Math.min(least, await work());
  return least;
}

/** The floor: parse the texts and append every object's stat line to one table, in one go. */
export async function floorSeconds(texts: readonly string[]): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const numbers = ['fgm', 'fga', 'fg3m', 'fg3a', 'ftm', 'fta', 'oreb', 'dreb', 'reb', 'ast', 'stl', 'blk', 'turnover', 'pf', 'pts'];
  await connection.run(`CREATE TABLE stats (game VARCHAR, player VARCHAR, team VARCHAR, minutes VARCHAR, ${numbers.map((name) => `${name} INTEGER`).join(', ')})`);
  const seconds = await timed(async () => {
    const appender = await connection.createAppender('stats');
    for (const text of texts) {
      for (const stat of (JSON.parse(text) as { data: Record<string, never>[] }).data) {
        const { game, player, team, min } = stat as unknown as { game: { id: number }; player: { first_name: string; last_name: string }; team: { abbreviation: string }; min: string };
        appender.appendVarchar(String(game.id));
        appender.appendVarchar(`${player.first_name} ${player.last_name}`);
        appender.appendVarchar(team.abbreviation);
        appender.appendVarchar(min);
        for (const name of numbers) appender.appendInteger(Number(stat[name]));
        appender.endRow();
      }
    }
    appender.closeSync();
  });
  connection.closeSync();
  instance.closeSync();
  return seconds;
}
