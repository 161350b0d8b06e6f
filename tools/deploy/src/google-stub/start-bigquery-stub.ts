import { GoogleFailure, route, serveLoopback, type Faults } from '@handoff/loopback-http';
import { runStatement, type Row, type Shown } from './statements.ts';

export interface BigQueryStub {
  readonly url: string;
  readonly faults: Faults;
  /** Every statement so far that no fault has met: its kind, and its text. */
  readonly ran: readonly { readonly kind: string; readonly text: string }[];
  readonly shown: Shown;
  readonly close: () => Promise<void>;
}

interface Job {
  readonly jobReference: { readonly projectId: string; readonly jobId: string };
  readonly configuration: { readonly query: { readonly query: string; readonly useLegacySql: boolean } };
}

/**
 * Starts a stand-in for BigQuery's jobs on loopback, for bq: it keeps what INFORMATION_SCHEMA would show of the
 * statements of our plans, and no rows. What statements mean to BigQuery is not its matter: bigquery-local runs ours.
 */
export async function startBigQueryStub(): Promise<BigQueryStub> {
  const [ran, shown, jobs] = [[] as { kind: string; text: string }[], {} as Shown, new Map<string, object>()];
  const insert = (body: Buffer): object => {
    const { jobReference, configuration } = JSON.parse(body.toString('utf8')) as Job;
    const text = configuration.query.query;
    if (configuration.query.useLegacySql) throw new GoogleFailure(400, 'invalidQuery', 'legacy SQL is none of ours');
    const { kind, names, rows } = runStatement(text, shown);
    ran.push({ kind, text });
    const schema = { fields: names.map((name) => ({ name, type: 'STRING', mode: 'NULLABLE' })) };
    jobs.set(jobReference.jobId, { kind: 'bigquery#getQueryResultsResponse', jobReference, jobComplete: true, schema, rows: rows.map((row) => fieldsOf(row, names)), totalRows: String(rows.length) });
    return { kind: 'bigquery#job', id: jobReference.jobId, jobReference, configuration: { ...configuration, jobType: 'QUERY' }, status: { state: 'DONE' }, statistics: { query: { statementType: kind } } };
  };
  const server = await serveLoopback({
    routes: [
      route('POST /projects/:project/jobs', ({ body }) => Promise.resolve().then(() => ({ status: 200, json: insert(body) }))),
      route('GET /projects/:project/queries/:job', ({ names }) => Promise.resolve({ status: 200, json: jobs.get(names['job'] ?? '') })),
    ],
    prefixes: ['/bigquery/v2'], answerFor: bigQueryFailure, unknown: (method, path) => bigQueryFailure(new GoogleFailure(404, 'notFound', `the stub of BigQuery does not know ${method} ${path}`)),
  });
  return { url: server.url, faults: server.faults, ran, shown, close: server.close };
}

const fieldsOf = (row: Row, names: readonly string[]): object => ({ f: names.map((name) => ({ v: row[name] ?? null })) });

/** An error as BigQuery answers it: other than the newer services do. */
export function bigQueryFailure(error: unknown) {
  const { status, reason, message } = error instanceof GoogleFailure ? error : new GoogleFailure(500, 'internalError', String(error));
  return { status, json: { error: { code: status, message, errors: [{ domain: 'global', reason, message }] } } };
}
