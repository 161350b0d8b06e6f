import { createHash } from 'node:crypto';
import { CRC32C } from '@google-cloud/storage';
import { hasCode } from '@handoff/contracts';
import type { Clock, ObjectStore, StoredObject } from '@handoff/ports';
import { z } from 'zod';
import { GoogleFailure } from '@handoff/loopback-http';

/** What an upload says of an object besides its bytes. */
export const UploadMetadata = z.object({ name: z.string().optional(), contentType: z.string().optional(), cacheControl: z.string().optional() });
export type UploadMetadata = z.infer<typeof UploadMetadata>;

const Kept = z.object({ generation: z.number(), contentType: z.string(), cacheControl: z.string().optional(), updated: z.string() });
type Kept = z.infer<typeof Kept>;

/** A condition on the object that is stored now: `ifGenerationMatch`, 0 for none. */
export type Precondition = number | undefined;

export interface Upload {
  readonly bucket: string;
  readonly name: string;
  readonly bytes: Buffer;
  readonly metadata: UploadMetadata;
  readonly ifGenerationMatch: Precondition;
}

export interface BucketFilesOptions {
  readonly buckets: readonly string[];
  /** Where the bytes are: `bucket/name`. */
  readonly contents: ObjectStore;
  /** Where the rest is, a JSON file per object. */
  readonly facts: ObjectStore;
  readonly clock: Clock;
}

/** Objects of buckets: bytes, generations and what an upload said of them, on files. Changes of one object wait for each other. */
export class BucketFiles {
  private readonly options: BucketFilesOptions;
  private last: Promise<unknown> = Promise.resolve();

  constructor(options: BucketFilesOptions) {
    this.options = options;
  }

  /** @throws a GoogleFailure for a bucket that does not exist. */
  bucket(name: string): string {
    if (!this.options.buckets.includes(name)) throw new GoogleFailure(404, 'notFound', 'The specified bucket does not exist.');
    return name;
  }

  /** Stores an object whole, with the next generation. @throws a GoogleFailure (412) when the precondition does not hold. */
  store({ bucket, name, bytes, metadata, ifGenerationMatch }: Upload): Promise<Readonly<Record<string, unknown>>> {
    return this.inTurn(async () => {
      const path = this.path(bucket, name);
      const before = await this.kept(path);
      refuseOther(before, ifGenerationMatch);
      const now = this.options.clock.now();
      const kept: Kept = {
        // A microsecond count, as Google's generations are.
        generation: Math.max(now * 1_000, (before?.generation ?? 0) + 1), contentType: metadata.contentType ?? 'application/octet-stream', updated: new Date(now).toISOString(),
        ...(metadata.cacheControl === undefined ? {} : { cacheControl: metadata.cacheControl }),
      };
      await this.options.contents.put(path, bytes, { contentType: kept.contentType });
      await this.options.facts.put(`${path}.json`, Buffer.from(JSON.stringify(kept)), { contentType: 'application/json' });
      return resource({ bucket, name, bytes, kept });
    });
  }

  /** @throws a GoogleFailure for an object that does not exist. */
  async read(bucket: string, name: string): Promise<{ readonly bytes: Buffer; readonly resource: Readonly<Record<string, unknown>> }> {
    const path = this.path(bucket, name);
    const bytes = await this.options.contents.get(path).catch((error: unknown) => {
      throw hasCode(error, 'object-not-found') ? noObject(bucket, name) : error;
    });
    const kept = (await this.kept(path)) ?? { generation: 1, contentType: 'application/octet-stream', updated: new Date(0).toISOString() };
    return { bytes: Buffer.from(bytes), resource: resource({ bucket, name, bytes: Buffer.from(bytes), kept }) };
  }

  remove(bucket: string, name: string, ifGenerationMatch: Precondition): Promise<void> {
    return this.inTurn(async () => {
      await this.read(bucket, name);
      const path = this.path(bucket, name);
      refuseOther(await this.kept(path), ifGenerationMatch);
      await this.options.contents.delete(path);
      await this.options.facts.delete(`${path}.json`);
    });
  }

  /** Objects by prefix, in ascending order of the bytes of their names. */
  async list(bucket: string, prefix: string): Promise<readonly StoredObject[]> {
    const root = `${this.bucket(bucket)}/`;
    return (await this.options.contents.list(`${root}${prefix}`)).map(({ path, sizeBytes }) => ({ path: path.slice(root.length), sizeBytes }));
  }

  private path(bucket: string, name: string): string {
    return `${this.bucket(bucket)}/${name}`;
  }

  private async kept(path: string): Promise<Kept | undefined> {
    try {
      return Kept.parse(JSON.parse(new TextDecoder().decode(await this.options.facts.get(`${path}.json`))));
    } catch (error) {
      if (hasCode(error, 'object-not-found')) return undefined;
      throw error;
    }
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(work, work);
    const ended = (): void => undefined;
    // The failure belongs to whoever asked; here it only marks the end.
    this.last = result.then(ended, ended);
    return result;
  }
}

const noObject = (bucket: string, name: string): GoogleFailure => new GoogleFailure(404, 'notFound', `No such object: ${bucket}/${name}`);

function refuseOther(kept: Kept | undefined, ifGenerationMatch: Precondition): void {
  if (ifGenerationMatch === undefined || ifGenerationMatch === (kept?.generation ?? 0)) return;
  throw new GoogleFailure(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.');
}

function resource({ bucket, name, bytes, kept }: { readonly bucket: string; readonly name: string; readonly bytes: Buffer; readonly kept: Kept }): Readonly<Record<string, unknown>> {
  const crc32c = new CRC32C();
  crc32c.update(bytes);
  return {
    kind: 'storage#object', id: `${bucket}/${name}/${kept.generation}`, bucket, name, generation: String(kept.generation), metageneration: '1',
    contentType: kept.contentType, ...(kept.cacheControl === undefined ? {} : { cacheControl: kept.cacheControl }), size: String(bytes.length), storageClass: 'STANDARD',
    md5Hash: createHash('md5').update(bytes).digest('base64'), crc32c: crc32c.toString(), timeCreated: kept.updated, updated: kept.updated, etag: String(kept.generation),
  };
}
