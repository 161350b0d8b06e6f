import { outputs, tableNamed, withStandIns, type Output, type OutputName } from '@handoff/catalogue';
import type { EpochMs, ExpectedOutputRow, GameDate } from '@handoff/contracts';
import type { Statement, Warehouse } from '@handoff/ports';
import { countedOutput } from './counted-output.ts';

/** What the warehouse holds of one output for a date and scope, and since when. */
export interface ObservedOutput extends Record<string, unknown> {
  readonly output: string;
  readonly game_date: string;
  readonly scope: string;
  readonly row_count: number;
  readonly degraded_count: number;
  /** When a row of it was written last. */
  readonly last_at: EpochMs;
}

/**
 * Counts the rows of outputs that may be used, from one game date to another, both included; an output, date and scope without rows is
 * not in the answer.
 *
 * @throws what the query throws: nothing is taken for missing because it could not be read.
 */
export const loadObservedOutputs = (warehouse: Warehouse, names: ReadonlySet<string>, { from, until }: { readonly from: GameDate; readonly until: GameDate }): Promise<readonly ObservedOutput[]> =>
  warehouse.query<ObservedOutput>(observedStatement(names), { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } });

/**
 * Counts the rows of outputs by date and scope, in one statement. It is derived from the catalogue and so
 * written by no hand: an output that is added there is observed. With each output come those that decide
 * whether it may rightly be empty.
 *
 * @param names - the outputs that have something open; at least one.
 */
export function observedStatement(names: ReadonlySet<string>): Statement {
  const wanted = outputs.filter((output) => names.has(output.name));
  const deciding = new Set<string>(wanted.flatMap(({ name, alternativeOf, emptyWithout }) => [...withStandIns(alternativeOf ?? name), ...(emptyWithout === undefined ? [] : [emptyWithout, gameOver])]));
  const observed = outputs.filter((output) => deciding.has(output.name));
  const selects = observed.filter(({ name }) => !isExport(name)).map(selectOf);
  return { name: 'read-models/observed-outputs', text: [...selects, ...(observed.some(({ name }) => isExport(name)) ? [selectExports()] : [])].join('\nUNION ALL\n') };
}

/**
 * The rows of the ledger that say COMPLETE or DEGRADED while the warehouse holds nothing of them any more, or another
 * number of rows than was seen: what somebody has deleted or written since. Of the whole range in one statement, so that
 * a hole of a hundred days ago is found like one of yesterday.
 *
 * @throws what the query throws.
 */
export const loadChangedOutputs = (warehouse: Warehouse, { from, until }: { readonly from: GameDate; readonly until: GameDate }): Promise<readonly ExpectedOutputRow[]> =>
  warehouse.query<ExpectedOutputRow>(changedStatement(), { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } });

/** Derived as `observedStatement` is, which it compares with the ledger. */
export function changedStatement(): Statement {
  const columns = tableNamed('nba_orchestration.expected_outputs').columns.map(({ name }) => `ledger.${name} AS ${name}`);
  const observed = observedStatement(new Set(outputs.map(({ name }) => name))).text;
  return {
    name: 'read-models/changed-outputs',
    text: [
      `WITH seen AS (\n${observed}\n)`,
      `SELECT ${columns.join(', ')}`,
      'FROM `nba_orchestration.expected_outputs` AS ledger',
      'LEFT JOIN seen ON seen.output = ledger.output AND seen.game_date = ledger.game_date AND seen.scope = ledger.scope',
      "WHERE ledger.game_date BETWEEN @from_date AND @until_date AND ledger.state IN ('COMPLETE', 'DEGRADED') AND (seen.row_count IS NULL OR seen.row_count <> ledger.row_count)",
      'ORDER BY ledger.game_date, ledger.output, ledger.scope',
    ].join('\n'),
  };
}

/** The output by which the ledger knows that a game was played to its end. */
const gameOver: OutputName = 'nba_analytics.player_game_summary';

function isExport(name: string): boolean {
  return name.startsWith('exports/');
}

function selectOf(output: Output): string {
  const { name, date, game, from, countIf, column } = countedOutput(output);
  const usable = column('is_usable');
  return [
    `SELECT '${name}' AS output, ${date} AS game_date, ${output.scope === 'slate' ? "'slate'" : game} AS scope, COUNT(*) AS row_count, ${countIf('is_degraded')} AS degraded_count, MAX(counted.processed_at) AS last_at`,
    from,
    `WHERE ${date} BETWEEN @from_date AND @until_date${usable === undefined ? '' : ` AND ${usable}`}`,
    output.scope === 'slate' ? `GROUP BY ${date}` : `GROUP BY ${date}, ${game}`,
  ].join('\n');
}

function selectExports(): string {
  return [
    "SELECT CONCAT('exports/', published.export_name) AS output, published.game_date AS game_date, 'slate' AS scope, COUNT(*) AS row_count, 0 AS degraded_count, MAX(published.published_at) AS last_at",
    'FROM `nba_orchestration.publications` AS published',
    'WHERE published.game_date BETWEEN @from_date AND @until_date',
    'GROUP BY published.game_date, published.export_name',
  ].join('\n');
}
