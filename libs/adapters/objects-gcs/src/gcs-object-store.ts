import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { File, Storage } from '@google-cloud/storage';
import { attempted, type Attempts } from '@handoff/attempts';
import { milliseconds } from '@handoff/contracts';
import { refuseObjectPath, type ObjectStore, type StoredObject } from '@handoff/ports';
import { asPipelineError, isTransient, statusOf } from './errors.ts';

export interface GcsObjectStoreOptions {
  /** Shared by the process: createStorageClient. */
  readonly client: Storage;
  readonly bucket: string;
  readonly attempts?: Attempts;
}

/** Under two seconds in all: what lasts longer is the host's to repeat. */
const defaultAttempts: Attempts = { attemptsMax: 4, firstWaitMs: milliseconds(250), wait: (span) => sleep(span), random: Math.random };

interface PutOptions {
  readonly contentType: string;
  readonly cacheSeconds?: number;
}

/**
 * The ObjectStore port on one bucket of Cloud Storage, where an upload shows whole or not at all.
 *
 * Errors beside the port's: `objects-bucket-missing` (defer).
 */
export class GcsObjectStore implements ObjectStore {
  readonly #client: Storage;
  readonly #bucket: string;
  readonly #attempts: Attempts;

  constructor({ client, bucket, attempts = defaultAttempts }: GcsObjectStoreOptions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#attempts = attempts;
  }

  /**
   * Writes, or replaces, one file; of two at once the later wins. An attempt after one without an answer first
   * looks whether that had arrived, and then replaces only what it saw: it never undoes a newer put.
   */
  async put(path: string, bytes: Uint8Array, options: PutOptions): Promise<void> {
    const file = this.#file(path);
    await this.#done(path, 'put', async (attempt) => {
      const seen = attempt === 1 ? undefined : await lookAt(file);
      if (seen?.md5Hash === createHash('md5').update(bytes).digest('base64')) return;
      await file.save(Buffer.from(bytes), {
        // One request: the files are small, and a session of several would have to be taken up again.
        resumable: false,
        contentType: options.contentType,
        metadata: options.cacheSeconds === undefined ? {} : { cacheControl: `public, max-age=${options.cacheSeconds}` },
        ...(attempt === 1 ? {} : { preconditionOpts: { ifGenerationMatch: seen?.generation ?? 0 } }),
      });
    });
  }

  async get(path: string): Promise<Uint8Array> {
    const file = this.#file(path);
    const [bytes] = await this.#done(path, 'get', () => file.download());
    return bytes;
  }

  /** As the port promises; the order is Cloud Storage's own, by the bytes of UTF-8. */
  async list(prefix: string): Promise<readonly StoredObject[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (folder !== '') refuseObjectPath(folder.slice(0, -1));
    const [items] = await this.#done(prefix, 'list', () => this.#client.bucket(this.#bucket).getFiles({ prefix, fields: 'items(name,size),nextPageToken' }));
    // With `fields` the client hands on the items of the answers, whatever its types say.
    return (items as unknown as readonly { readonly name: string; readonly size: string }[]).map(({ name, size }) => ({ path: name, sizeBytes: Number(size) }));
  }

  async delete(path: string): Promise<void> {
    const file = this.#file(path);
    await this.#done(path, 'delete', () => file.delete({ ignoreNotFound: true }));
  }

  #file(path: string): File {
    refuseObjectPath(path);
    return this.#client.bucket(this.#bucket).file(path);
  }

  async #done<Result>(path: string, doing: 'put' | 'get' | 'list' | 'delete', send: (attempt: number) => Promise<Result>): Promise<Result> {
    try {
      return await attempted(this.#attempts, isTransient, send);
    } catch (error) {
      throw asPipelineError(error, path, doing);
    }
  }
}

interface Seen {
  readonly generation?: string | number;
  readonly md5Hash?: string;
}

/** What is stored now; `undefined` where nothing is. */
async function lookAt(file: File): Promise<Seen | undefined> {
  try {
    const [metadata]: readonly [Seen, ...unknown[]] = await file.getMetadata();
    return metadata;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
