import { join } from 'node:path';
import { serveLoopback, type LoopbackServer } from '@handoff/loopback-http';
import { FileObjectStore } from '@handoff/objects-files';
import type { Clock } from '@handoff/ports';
import { BucketFiles } from './bucket-files.ts';
import { objectRoutes } from './object-routes.ts';
import { answerFor, storageFailure } from './storage-failure.ts';
import { uploadRoutes } from './upload-routes.ts';

export interface StorageLocalOptions {
  /** Where objects are kept; made where it is missing. */
  readonly folder: string;
  /** The buckets that exist; none is made later. */
  readonly buckets: readonly string[];
  /** 0, the default, takes any that is free. */
  readonly port?: number;
  /** Dates generations and updates. */
  readonly clock: Clock;
}

/** A running server. `faults` are answers to give instead of the real ones. */
export type StorageLocal = LoopbackServer;

/** Starts Cloud Storage's JSON interface on loopback, over files. docs/local-google.md says what it does not have. */
export function startStorageLocal({ folder, buckets, port, clock }: StorageLocalOptions): Promise<StorageLocal> {
  const files = new BucketFiles({ buckets, clock, contents: new FileObjectStore(join(folder, 'contents')), facts: new FileObjectStore(join(folder, 'facts')) });
  const uploads = uploadRoutes(files).map((one) => ({ ...one, pattern: new RegExp(one.pattern.source.replace('^', '^/upload/storage/v1')) }));
  return serveLoopback({
    ...(port === undefined ? {} : { port }),
    routes: [...uploads, ...objectRoutes(files)],
    prefixes: ['/storage/v1', '/download/storage/v1'],
    answerFor,
    unknown: (method, path) => storageFailure(404, 'notFound', `storage-local has no route ${method} ${path}: see docs/local-google.md`),
  });
}
