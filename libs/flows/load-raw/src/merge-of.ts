import { tableNamed, type Scraper, type TableName } from '@handoff/catalogue';
import type { EpochMs } from '@handoff/contracts';
import type { MergeOrder, MergeRequest, MergeScope } from '@handoff/ports';
import type { FileReading } from './read-files.ts';

/**
 * The merge of an answer's rows, which deletes those that the answer speaks for and no longer has. What a later answer
 * has written is left alone: messages may arrive out of order.
 */
export function mergeOf(scraper: Scraper, table: TableName, reading: FileReading, fetchedAt: EpochMs): MergeRequest {
  const replaceScope = scopeOf(scraper, table, reading);
  const order = orderOf(scraper, fetchedAt);
  return { table, rows: reading.rows, ...(replaceScope === undefined ? {} : { replaceScope }), ...(order === undefined ? {} : { order }) };
}

/** True where a later answer takes the place of an earlier one. */
export const isOrdered = ({ replaces }: Scraper): boolean => replaces !== 'nothing';

/** Answers replace one another by game, or as a whole; snapshots stand side by side. */
function orderOf({ replaces }: Scraper, fetchedAt: EpochMs): MergeOrder | undefined {
  const order = { column: 'fetched_at', value: fetchedAt };
  switch (replaces) {
    case 'games':
      return { ...order, unit: 'nba_game_id' };
    case 'partition':
      return order;
    case 'rows':
      return { ...order, unit: 'game_id' };
    case 'nothing':
      return undefined;
  }
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
    case 'rows':
    case 'nothing':
      return undefined;
  }
}
