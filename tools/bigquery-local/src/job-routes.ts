import { hasCode } from '@handoff/contracts';
import { GoogleFailure, readMultipart, route, type Answer, type Asked, type Route } from '@handoff/loopback-http';
import type { StatementAnswer } from '@handoff/warehouse-duckdb';
import { z } from 'zod';
import { dmlStatistics, type JobRegistry, type LocalJob } from './job-registry.ts';
import { LoadConfiguration, loadRows } from './load-rows.ts';
import type { LocalProject } from './local-project.ts';
import { givenParameters, QueryParameters } from './query-parameters.ts';
import { readBody } from './request-body.ts';
import { errorProto, invalid, notHere, restFailure } from './rest-failure.ts';
import { restField, restRows, type TimestampFormat } from './rest-values.ts';

const Format = z.object({ useInt64Timestamp: z.boolean().optional(), timestampOutputFormat: z.string().optional() }).optional();
const QueryRequest = z.object({
  query: z.string(), useLegacySql: z.boolean().default(true), queryParameters: QueryParameters, maxResults: z.number().optional(), requestId: z.string().optional(),
  formatOptions: Format,
});
const Job = z.object({
  jobReference: z.object({ jobId: z.string().optional() }).optional(),
  configuration: z.object({
    dryRun: z.boolean().optional(), load: LoadConfiguration.optional(),
    query: z.object({ query: z.string(), useLegacySql: z.boolean().default(true), queryParameters: QueryParameters }).optional(),
  }),
});
type Job = z.infer<typeof Job>;

const pageRowsMax = 10_000;

/** How the engine is told to name a statement in its messages; restFailure takes it off again. */
const doing = 'query';

export function jobRoutes(project: LocalProject, jobs: JobRegistry): readonly Route[] {
  const work: JobWork = { project, jobs };
  return [
    route('POST /projects/:project/queries', (asked) => query(work, asked)),
    route('GET /projects/:project/queries/:job', ({ names, query: options }) => {
      const job = jobs.job(names['job'] ?? '');
      if (job.error !== undefined) throw new GoogleFailure(400, job.error.reason, job.error.message);
      const maxResults = options.get('maxResults');
      return Promise.resolve(results(work, job, {
        first: Number(options.get('pageToken') ?? options.get('startIndex') ?? 0), count: maxResults === null ? pageRowsMax : Number(maxResults),
        format: options.get('formatOptions.useInt64Timestamp') === 'true' ? 'micros' : 'seconds', kind: 'bigquery#getQueryResultsResponse',
      }));
    }),
    route('GET /projects/:project/jobs/:job', ({ names }) => Promise.resolve({ status: 200, json: jobs.resource(jobs.job(names['job'] ?? ''), 'DONE') })),
    route('POST /projects/:project/jobs', (asked) => insertJob(work, readBody(Job, asked), undefined)),
  ];
}

/** jobs.insert with the data of a load job in the request. The client of Node sends multipart bodies, never resumable ones. */
export function uploadRoutes(project: LocalProject, jobs: JobRegistry): readonly Route[] {
  return [
    route('POST /projects/:project/jobs', (asked) => {
      if (asked.query.get('uploadType') !== 'multipart') throw notHere(`uploads of type ${asked.query.get('uploadType') ?? 'none'}`);
      const [metadata, data] = readMultipart(asked.headers['content-type'], asked.body);
      if (metadata === undefined || data === undefined) throw invalid('A multipart upload has two parts: the job, and its data');
      return insertJob({ project, jobs }, readBody(Job, { body: metadata.bytes }), data.bytes);
    }),
  ];
}

interface JobWork {
  readonly project: LocalProject;
  readonly jobs: JobRegistry;
}

async function query({ project, jobs }: JobWork, asked: Asked): Promise<Answer> {
  const request = readBody(QueryRequest, asked);
  if (request.useLegacySql) throw notHere('legacy SQL');
  const known = jobs.ofRequest(request.requestId);
  const job = known ?? jobs.add({
    configuration: { query: { query: request.query } }, at: project.options.clock.now(),
    answer: await project.engine.run({ name: doing, text: request.query }, givenParameters(request.queryParameters)),
  }, request.requestId);
  return results({ project, jobs }, job, {
    first: 0, count: request.maxResults ?? pageRowsMax, format: request.formatOptions?.useInt64Timestamp === true ? 'micros' : 'seconds', kind: 'bigquery#queryResponse',
  });
}

async function insertJob({ project, jobs }: JobWork, job: Job, upload: Buffer | undefined): Promise<Answer> {
  const { configuration } = job;
  const id = job.jobReference?.jobId;
  jobs.refuseTaken(id);
  const begun = { id, configuration, at: project.options.clock.now() };
  if (configuration.query?.useLegacySql === true) throw notHere('legacy SQL');
  if (configuration.dryRun === true) return dryRun({ project, jobs }, job);
  const made = jobs.add({ ...begun, ...(await outcome(project, job, upload)) });
  return { status: 200, json: jobs.resource(made, 'RUNNING') };
}

/** What came of a job. That it failed is an outcome too: whoever asks for the job hears of it. */
async function outcome(project: LocalProject, { configuration }: Job, upload: Buffer | undefined): Promise<Pick<LocalJob, 'answer' | 'loadedRows' | 'error'>> {
  const { query: statement, load } = configuration;
  try {
    if (statement !== undefined) project.writeConflicts.refuse(statement.query, project.options.name);
    if (statement !== undefined) return { answer: await project.engine.run({ name: doing, text: statement.query }, givenParameters(statement.queryParameters)) };
    if (load !== undefined) return { loadedRows: await loadRows(project, load, upload) };
  } catch (error) {
    const failure = restFailure(error, doing);
    // A line that does not fit its table is `invalid`; a statement that does not is `invalidQuery`.
    const reason = load !== undefined && hasCode(error, 'warehouse-schema-mismatch') ? 'invalid' : failure.reason;
    return { error: errorProto(new GoogleFailure(failure.status, reason, failure.message)) };
  }
  throw notHere('jobs other than query and load');
}

function dryRun({ project, jobs }: JobWork, { configuration }: Job): Answer {
  if (configuration.query === undefined) throw notHere('dry runs other than of queries');
  const kind = project.engine.check({ name: doing, text: configuration.query.query });
  const job: LocalJob = { id: '', configuration, at: project.options.clock.now(), answer: { kind, columns: [], rows: [], changed: undefined } };
  return { status: 200, json: jobs.resource(job, 'DONE') };
}

interface ResultPage {
  readonly first: number;
  readonly count: number;
  readonly format: TimestampFormat;
  readonly kind: string;
}

function results({ jobs }: JobWork, job: LocalJob, { first, count, format, kind }: ResultPage): Answer {
  const { answer } = job;
  const common = { kind, jobReference: jobs.reference(job.id), jobComplete: true, cacheHit: false, totalBytesProcessed: '0' };
  if (answer === undefined) return { status: 200, json: { ...common, totalRows: '0' } };
  return { status: 200, json: { ...common, ...pageOf(answer, { first, count: Math.min(count, pageRowsMax), format }), ...dmlStatistics(answer) } };
}

function pageOf({ columns, rows }: StatementAnswer, { first, count, format }: Omit<ResultPage, 'kind'>): Readonly<Record<string, unknown>> {
  const page = rows.slice(first, first + count);
  const next = count > 0 && first + page.length < rows.length ? { pageToken: String(first + page.length) } : {};
  return { schema: { fields: columns.map(restField) }, totalRows: String(rows.length), rows: restRows(columns, page, format), ...next };
}
