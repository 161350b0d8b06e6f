import { outputs, tableNamed, type Output } from '@handoff/catalogue';
import type { EpochMs, GameDate } from '@handoff/contracts';
import type { Statement, Warehouse } from '@handoff/ports';

/** What the warehouse holds of one output for a date and scope, and since when. */
export interface HeldOutput extends Record<string, unknown> {
  readonly output: string;
  readonly game_date: string;
  readonly scope: string;
  readonly row_count: number;
  readonly degraded_count: number;
  readonly last_at: EpochMs;
}

/** Counts the rows of some outputs over a range of dates, both included, with the time of the last write. A failed query throws. */
export const loadHeldOutputs = (warehouse: Warehouse, names: ReadonlySet<string>, { from, until }: { readonly from: GameDate; readonly until: GameDate }): Promise<readonly HeldOutput[]> =>
  warehouse.query<HeldOutput>(heldStatement(names), { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } });

/** Derived from the catalogue, as `observedStatement` is. @param names - at least one. */
export function heldStatement(names: ReadonlySet<string>): Statement {
  const wanted = outputs.filter(({ name }) => names.has(name));
  const files = wanted.some(({ name }) => name.startsWith('exports/')) ? [selectFiles()] : [];
  return { name: 'read-models/held-outputs', text: [...wanted.filter(({ name }) => !name.startsWith('exports/')).map(selectOf), ...files].join('\nUNION ALL\n') };
}

function selectOf(output: Output): string {
  const { name, partition, columns } = tableNamed(output.name);
  const has = (column: string): boolean => columns.some((known) => known.name === column);
  const game = has('nba_game_id') ? 'nba_game_id' : 'game_id';
  return [
    `SELECT '${name}' AS output, held.${partition} AS game_date, ${output.scope === 'slate' ? "'slate'" : `held.${game}`} AS scope, COUNT(*) AS row_count,`,
    `  ${has('is_degraded') ? 'COUNTIF(held.is_degraded)' : '0'} AS degraded_count, MAX(held.processed_at) AS last_at`,
    `FROM \`${name}\` AS held`,
    `WHERE held.${partition} BETWEEN @from_date AND @until_date`,
    output.scope === 'slate' ? `GROUP BY held.${partition}` : `GROUP BY held.${partition}, held.${game}`,
  ].join('\n');
}

function selectFiles(): string {
  return [
    "SELECT CONCAT('exports/', published.export_name) AS output, published.game_date AS game_date, 'slate' AS scope, COUNT(*) AS row_count, 0 AS degraded_count, MAX(published.published_at) AS last_at",
    'FROM `nba_orchestration.publications` AS published',
    'WHERE published.game_date BETWEEN @from_date AND @until_date',
    'GROUP BY published.game_date, published.export_name',
  ].join('\n');
}
