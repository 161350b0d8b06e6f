import type { BigQuery } from '@google-cloud/bigquery';
import type { Attempts } from '@handoff/attempts';
import { unresolvedNames, type ParsedStatement } from '@handoff/portable-sql';
import { sentAgain } from './attempts.ts';

/**
 * Names in a statement that are no columns of its tables as BigQuery has them now; none where that cannot be told.
 *
 * BigQuery gives one reason for every statement that it cannot run. A table that lags behind the code heals by
 * itself once it is changed, and the message waits; any other statement is refused for ever.
 */
export async function missingColumns(client: BigQuery, attempts: Attempts, { pieces, references }: ParsedStatement): Promise<readonly string[]> {
  const tables = [...new Set(references.map(({ table }) => table))];
  const described = await Promise.allSettled(tables.map((table) => sentAgain(attempts, () => columnsOf(client, table))));
  const columns = described.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return tables.length > 0 && columns.length === tables.length ? unresolvedNames(pieces, columns.flat()) : [];
}

interface TableMetadata {
  readonly schema?: { readonly fields?: readonly { readonly name: string }[] };
}

async function columnsOf(client: BigQuery, name: string): Promise<readonly string[]> {
  const [dataset = '', table = ''] = name.split('.');
  const answer: readonly unknown[] = await client.dataset(dataset).table(table).getMetadata();
  return ((answer[0] as TableMetadata).schema?.fields ?? []).map((field) => field.name);
}
