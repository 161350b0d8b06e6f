import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';

export interface BigQueryClientOptions {
  readonly project: string;
  /** Where datasets and jobs are, `US` for example. */
  readonly location: string;
  /** `http://127.0.0.1:9050`: something that speaks BigQuery's REST interface, without credentials. Absent: Google. */
  readonly endpoint?: string;
}

/**
 * The client of a process: build one and share it, for it keeps its connections alive between requests.
 *
 * It repeats nothing by itself: the warehouse does, so that there is one place that counts attempts. With an
 * endpoint it is given a client that adds no credentials; without one, version 9.3.0 looks for a metadata
 * server at the first request, and uploads end the process with an uncaught TypeError.
 */
export function createBigQueryClient({ project, location, endpoint }: BigQueryClientOptions): BigQuery {
  return new BigQuery({
    projectId: project,
    location,
    retryOptions: { autoRetry: false },
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint, authClient: new PassThroughClient() }),
  });
}
