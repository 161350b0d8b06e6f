import { outputs, tableNamed, type Output, type OutputName } from '@handoff/catalogue';
import type { Statement } from '@handoff/ports';

/**
 * Counts the rows of outputs by date and scope, in one statement. It is derived from the catalogue and so
 * written by no hand: an output that is added there is observed. With each output come those that decide
 * whether it may rightly be empty.
 *
 * @param names - the outputs that have something open; at least one.
 */
export function observedStatement(names: ReadonlySet<string>): Statement {
  const wanted = outputs.filter((output) => names.has(output.name));
  const deciding = new Set<string>(wanted.flatMap(({ name, alternativeOf, emptyWithout }) => [name, alternativeOf ?? name, ...(emptyWithout === undefined ? [] : [emptyWithout, gameOver])]));
  const observed = outputs.filter((output) => deciding.has(output.name));
  const selects = observed.filter(({ name }) => !isExport(name)).map(selectOf);
  return { name: 'reconcile-ledger/observed', text: [...selects, ...(observed.some(({ name }) => isExport(name)) ? [selectExports()] : [])].join('\nUNION ALL\n') };
}

/** The output by which the ledger knows that a game was played to its end. */
const gameOver: OutputName = 'nba_analytics.player_game_summary';

function isExport(name: string): boolean {
  return name.startsWith('exports/');
}

function selectOf(output: Output): string {
  const { name, partition, columns } = tableNamed(output.name);
  const has = (column: string): boolean => columns.some((known) => known.name === column);
  const game = has('nba_game_id') ? 'nba_game_id' : 'game_id';
  const scope = output.scope === 'slate' ? "'slate'" : `observed.${game}`;
  const degraded = has('is_degraded') ? 'COUNTIF(observed.is_degraded)' : '0';
  const usable = has('is_usable') ? ' AND observed.is_usable' : '';
  return [
    `SELECT '${name}' AS output, observed.${partition} AS game_date, ${scope} AS scope, COUNT(*) AS row_count, ${degraded} AS degraded_count`,
    `FROM \`${name}\` AS observed`,
    `WHERE observed.${partition} BETWEEN @from_date AND @until_date${usable}`,
    output.scope === 'slate' ? `GROUP BY observed.${partition}` : `GROUP BY observed.${partition}, observed.${game}`,
  ].join('\n');
}

function selectExports(): string {
  return [
    "SELECT CONCAT('exports/', published.export_name) AS output, published.game_date AS game_date, 'slate' AS scope, COUNT(*) AS row_count, 0 AS degraded_count",
    'FROM `nba_orchestration.publications` AS published',
    'WHERE published.game_date BETWEEN @from_date AND @until_date',
    'GROUP BY published.game_date, published.export_name',
  ].join('\n');
}
