import type { BigQuery, Query } from '@google-cloud/bigquery';
import type { Row } from '@handoff/contracts';
import type { ClientParameters } from './parameters.ts';
import { readRows, type ResultField, type ResultRow } from './read-rows.ts';

export interface ReadStatement extends ClientParameters {
  readonly text: string;
  readonly doing: string;
}

interface Answer {
  readonly jobComplete?: boolean;
  readonly schema?: { readonly fields?: readonly ResultField[] };
}

/** What the client hands on: rows of one page, what to ask next, and the answer itself. */
type Page = readonly [rows: readonly ResultRow[], next: NextQuery | null, answer: Answer];

interface NextQuery {
  readonly job: { getQueryResults(next: NextQuery): Promise<Page> };
}

/**
 * Runs a statement that reads and gives its rows, all pages of them. One request, where the answer is quick and small.
 *
 * The client hands the rows on as they came: its own reading makes an object of every date and instant.
 *
 * @throws the client's error; `warehouse-statement-refused` for values that a row cannot carry.
 */
export async function queryRows(client: BigQuery, { text, params, types, doing }: ReadStatement): Promise<readonly Row[]> {
  const query: Query = { query: text, params, types, ...(client.location === undefined ? {} : { location: client.location }) };
  let [rows, next, answer] = (await client.query(query, { autoPaginate: false, skipParsing: true })) as unknown as Page;
  const all: Row[] = [];
  for (;;) {
    all.push(...readRows(answer.schema?.fields ?? [], rows, doing));
    if (next === null) return all;
    [rows, next, answer] = await next.job.getQueryResults(next);
  }
}
