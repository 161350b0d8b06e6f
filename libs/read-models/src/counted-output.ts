import { gameColumnOf, hasColumn, tableNamed, type Output } from '@handoff/catalogue';

/**
 * How the rows of an output are counted in its table, which statements call `counted`: what is derived of an output by
 * every statement about all of them. A column that a table does not have counts as none.
 */
export interface CountedOutput {
  readonly name: string;
  readonly date: string;
  /** Where a row is of one game the column that says which. */
  readonly game: string;
  readonly from: string;
  /** `COUNTIF` of a flag, 0 where there is no such flag. */
  readonly countIf: (flag: string) => string;
  /** Undefined where the table has no such column. */
  readonly column: (name: string) => string | undefined;
}

/** @throws RangeError for an output that is no table. */
export function countedOutput({ name }: Pick<Output, 'name'>): CountedOutput {
  const table = tableNamed(name);
  const column = (wanted: string): string | undefined => (hasColumn(table, wanted) ? `counted.${wanted}` : undefined);
  return {
    name, column, date: `counted.${table.partition}`, game: `counted.${gameColumnOf(table) ?? 'game_id'}`, from: `FROM \`${name}\` AS counted`,
    countIf: (flag) => (hasColumn(table, flag) ? `COUNTIF(counted.${flag})` : '0'),
  };
}
