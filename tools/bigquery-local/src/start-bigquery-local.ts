import type { TableDefinition, ViewDefinition } from '@handoff/contracts';
import { serveLoopback, type LoopbackServer, type Route } from '@handoff/loopback-http';
import type { Clock, ObjectStore } from '@handoff/ports';
import { EmbeddedSql } from '@handoff/warehouse-duckdb';
import { datasetRoutes } from './dataset-routes.ts';
import { JobRegistry } from './job-registry.ts';
import { jobRoutes, uploadRoutes } from './job-routes.ts';
import { LocalProject } from './local-project.ts';
import { failureAnswer, notHere, restFailure } from './rest-failure.ts';
import { tableRoutes } from './table-routes.ts';
import { tabledataRoutes } from './tabledata-routes.ts';
import type { WriteConflicts } from './write-conflicts.ts';

export interface BigQueryLocalOptions {
  readonly project: string;
  /** Default `US`. */
  readonly location?: string;
  /** 0, the default, takes any that is free. */
  readonly port?: number;
  readonly tables: readonly TableDefinition[];
  readonly views?: readonly ViewDefinition[];
  /** Says when streamed rows leave the buffer and tables expire. */
  readonly clock: Clock;
  /** Buckets from which load jobs read `gs://` sources; absent: there are none. */
  readonly objects?: (bucket: string) => ObjectStore;
}

/** A running server. `faults` are answers to give instead of the real ones; `writeConflicts` are changes that lose against another. */
export interface BigQueryLocal extends LoopbackServer {
  readonly writeConflicts: Pick<WriteConflicts, 'add'>;
}

/**
 * Starts BigQuery's REST interface on loopback, over DuckDB in memory, with these tables and views. What it
 * does not have it refuses; docs/local-google.md says what that is. It keeps nothing when it is closed.
 */
export async function startBigQueryLocal(options: BigQueryLocalOptions): Promise<BigQueryLocal> {
  const { project: name, location = 'US', clock } = options;
  const engine = await EmbeddedSql.open({ tables: options.tables, views: options.views ?? [], clock, project: name });
  const objects = options.objects ?? ((bucket: string): ObjectStore => { throw notHere(`the bucket ${bucket}`); });
  const project = new LocalProject(engine, { name, location, clock, objects });
  const jobs = new JobRegistry(name, location);
  const routes = [...datasetRoutes(project), ...tableRoutes(project), ...tabledataRoutes(project), ...jobRoutes(project, jobs)];
  const server = await serveLoopback({
    ...(options.port === undefined ? {} : { port: options.port }),
    routes: [...uploadRoutes(project, jobs).map((upload) => prefixed('/upload', upload)), ...routes].map((one) => expiring(project, one)),
    prefixes: ['/bigquery/v2'],
    answerFor: (error) => {
      const failure = restFailure(error, 'query');
      return failureAnswer(failure.status, failure.reason, failure.message);
    },
    unknown: (method, path) => failureAnswer(404, 'notFound', `bigquery-local has no route ${method} ${path}: see docs/local-google.md`),
  });
  return { ...server, writeConflicts: project.writeConflicts, close: async () => { await server.close(); await engine.close(); } };
}

const expiring = (project: LocalProject, { answer, ...rest }: Route): Route => ({
  ...rest,
  answer: async (asked) => {
    await project.expireTables();
    return answer(asked);
  },
});

const prefixed = (prefix: string, one: Route): Route => ({ ...one, pattern: new RegExp(one.pattern.source.replace('^', `^${prefix}/bigquery/v2`)) });
