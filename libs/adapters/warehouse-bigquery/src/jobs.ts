import { once } from 'node:events';
import type { BigQuery, Job } from '@google-cloud/bigquery';
import type { Attempts } from '@handoff/attempts';
import type { DurationMs } from '@handoff/contracts';
import { sentAgain } from './attempts.ts';
import { failureOf } from './errors.ts';
import type { QueryParameter } from './row-parameter.ts';

export interface QueryJob {
  /** Unique to the call: a request that is sent again finds the job that the first one made. */
  readonly jobId: string;
  readonly text: string;
  readonly parameters: readonly QueryParameter[];
  /** BigQuery stops the job when it takes longer. */
  readonly timeoutMs: DurationMs;
}

export interface LoadJob {
  readonly jobId: string;
  readonly dataset: string;
  readonly table: string;
  /** One JSON object a line. */
  readonly lines: string;
}

/** How many rows a statement changed. */
export interface ChangedRows {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** Jobs by their ids: each is made once, however often its request is sent. */
export class Jobs {
  private readonly client: BigQuery;
  private readonly attempts: Attempts;

  constructor(client: BigQuery, attempts: Attempts) {
    this.client = client;
    this.attempts = attempts;
  }

  /** Runs a statement that changes rows and waits for its end. @throws the client's error. */
  async change({ jobId, text, parameters, timeoutMs }: QueryJob): Promise<ChangedRows> {
    const job = await this.madeOnce(jobId, async () => {
      const [made] = await this.client.createQueryJob({ query: text, jobId, parameterMode: 'NAMED', queryParameters: parameters as object[], jobTimeoutMs: timeoutMs });
      return made;
    });
    for (;;) {
      const [, next] = await sentAgain(this.attempts, () => job.getQueryResults({ autoPaginate: false, maxResults: 0 }));
      // BigQuery answers after ten seconds at the latest, with a next query while the job still runs.
      if (next === null || next === undefined) break;
    }
    return changedRows(await this.metadata(job));
  }

  /** Loads lines into a table and waits for the end of the job. @throws the client's error. */
  async load({ jobId, dataset, table, lines }: LoadJob): Promise<void> {
    const job = await this.madeOnce(jobId, async () => {
      const upload = this.client.dataset(dataset).table(table).createWriteStream({ sourceFormat: 'NEWLINE_DELIMITED_JSON', writeDisposition: 'WRITE_TRUNCATE', jobId });
      const made = once(upload, 'job') as Promise<[Job]>;
      upload.end(lines);
      return (await made)[0];
    });
    for (;;) {
      const { status } = await this.metadata(job);
      if (status?.errorResult !== undefined) throw Object.assign(new Error(status.errorResult.message), { errors: [status.errorResult] });
      if (status?.state === 'DONE') return;
      await this.attempts.wait(this.attempts.firstWaitMs);
    }
  }

  private async metadata(job: Job): Promise<JobMetadata> {
    const answer: readonly unknown[] = await sentAgain(this.attempts, () => job.getMetadata());
    return answer[0] as JobMetadata;
  }

  private async madeOnce(jobId: string, make: () => Promise<Job>): Promise<Job> {
    try {
      return await sentAgain(this.attempts, make);
    } catch (error) {
      // An earlier attempt had arrived, although its answer did not.
      if (failureOf(error).status === 409) return this.client.job(jobId, this.client.location === undefined ? {} : { location: this.client.location });
      throw error;
    }
  }
}

interface JobMetadata {
  readonly status?: { readonly state?: string; readonly errorResult?: { readonly reason: string; readonly message: string } };
  readonly statistics?: { readonly query?: { readonly numDmlAffectedRows?: string; readonly dmlStats?: Partial<Record<'insertedRowCount' | 'updatedRowCount' | 'deletedRowCount', string>> } };
}

function changedRows({ statistics }: JobMetadata): ChangedRows {
  const counted = statistics?.query?.dmlStats ?? {};
  return { inserted: Number(counted.insertedRowCount ?? 0), updated: Number(counted.updatedRowCount ?? 0), deleted: Number(counted.deletedRowCount ?? 0) };
}
