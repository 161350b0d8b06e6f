import { Storage } from '@google-cloud/storage';
import { PassThroughClient } from 'google-auth-library';

export interface StorageClientOptions {
  readonly project: string;
  /** `http://127.0.0.1:9051`: something that speaks Cloud Storage's JSON interface, without credentials. Absent: Google. */
  readonly endpoint?: string;
}

/** The client of a process: build one and share it. It repeats nothing by itself: the object store does, so that there is one place that counts attempts. */
export function createStorageClient({ project, endpoint }: StorageClientOptions): Storage {
  return new Storage({
    projectId: project,
    retryOptions: { autoRetry: false },
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint, authClient: new PassThroughClient() }),
  });
}
