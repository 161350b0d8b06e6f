import { randomUUID } from 'node:crypto';
import type { EpochMs } from '@handoff/contracts';
import type { StatementAnswer } from '@handoff/warehouse-duckdb';
import { alreadyExists, notFound, type ErrorProto } from './rest-failure.ts';

/** A job that has been run. It is over before its request is answered; jobs.insert says RUNNING all the same, as BigQuery does. */
export interface LocalJob {
  readonly id: string;
  readonly configuration: unknown;
  readonly at: EpochMs;
  readonly answer?: StatementAnswer;
  readonly loadedRows?: number;
  readonly error?: ErrorProto;
}

/** How many jobs are kept with their results. */
const keptMax = 500;

export class JobRegistry {
  private readonly jobs = new Map<string, LocalJob>();
  private readonly byRequest = new Map<string, string>();
  private readonly project: string;
  private readonly location: string;

  constructor(project: string, location: string) {
    this.project = project;
    this.location = location;
  }

  /** @throws a GoogleFailure when the id was given before. */
  refuseTaken(id: string | undefined): void {
    if (id !== undefined && this.jobs.has(id)) throw alreadyExists(`Job ${this.project}:${this.location}.${id}`);
  }

  add(job: Omit<LocalJob, 'id'> & { readonly id?: string | undefined }, requestId?: string): LocalJob {
    const made: LocalJob = { ...job, id: job.id ?? `job_${randomUUID()}` };
    this.jobs.set(made.id, made);
    if (requestId !== undefined) this.byRequest.set(requestId, made.id);
    const oldest = this.jobs.keys().next().value;
    if (this.jobs.size > keptMax && oldest !== undefined) this.jobs.delete(oldest);
    return made;
  }

  /** @throws a GoogleFailure for a job that is not known. */
  job(id: string): LocalJob {
    const job = this.jobs.get(id);
    if (job === undefined) throw notFound(`Job ${this.project}:${id}`);
    return job;
  }

  /** The job that an earlier request with this id made. */
  ofRequest(requestId: string | undefined): LocalJob | undefined {
    const id = requestId === undefined ? undefined : this.byRequest.get(requestId);
    return id === undefined ? undefined : this.jobs.get(id);
  }

  /** The answer of jobs.get. */
  resource(job: LocalJob, state: 'RUNNING' | 'DONE'): Readonly<Record<string, unknown>> {
    const { answer, error, loadedRows } = job;
    const at = String(job.at);
    return {
      kind: 'bigquery#job', id: `${this.project}:${this.location}.${job.id}`, jobReference: this.reference(job.id), configuration: job.configuration,
      status: { state, ...(error === undefined || state === 'RUNNING' ? {} : { errorResult: error, errors: [error] }) },
      statistics: {
        creationTime: at, startTime: at, ...(state === 'DONE' ? { endTime: at, totalBytesProcessed: '0' } : {}),
        ...(answer === undefined || state === 'RUNNING' ? {} : { query: { statementType: answer.kind, totalBytesProcessed: '0', ...dmlStatistics(answer) } }),
        ...(loadedRows === undefined ? {} : { load: { outputRows: String(loadedRows) } }),
      },
    };
  }

  reference(id: string): Readonly<Record<string, string>> {
    return { projectId: this.project, jobId: id, location: this.location };
  }
}

/** How many rows a statement changed, as jobs.get and jobs.query say it; nothing for SELECT. */
export function dmlStatistics({ changed }: StatementAnswer): Readonly<Record<string, unknown>> {
  if (changed === undefined) return {};
  const { inserted, updated, deleted } = changed;
  return {
    numDmlAffectedRows: String(inserted + updated + deleted),
    dmlStats: { insertedRowCount: String(inserted), updatedRowCount: String(updated), deletedRowCount: String(deleted) },
  };
}
