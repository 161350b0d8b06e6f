import { tableNamed, type Scraper, type TableName } from '@handoff/catalogue';
import type { MergeResult, MergeScope, Warehouse } from '@handoff/ports';
import type { FileReading } from './read-files.ts';

/** Merges the rows, and deletes those that the answer speaks for and no longer has. */
export async function writeRows(scraper: Scraper, table: TableName, reading: FileReading, warehouse: Warehouse): Promise<MergeResult> {
  const replaceScope = scopeOf(scraper, table, reading);
  return warehouse.merge({ table, rows: reading.rows, ...(replaceScope === undefined ? {} : { replaceScope }) });
}

/** Rows speak for their game. A game that is listed without any, as not started say, keeps what it has. */
function scopeOf(scraper: Scraper, table: TableName, { rows }: FileReading): MergeScope | undefined {
  if (rows.length === 0) return undefined;
  const { partition } = tableNamed(table);
  const partitions = [...new Set(rows.map((row) => String(row[partition])))];
  switch (scraper.replaces) {
    case 'games':
      return { partitions, column: 'nba_game_id', values: [...new Set(rows.map((row) => String(row['nba_game_id'])))] };
    case 'partition':
      return { partitions };
    case 'nothing':
      return undefined;
  }
}
