import { GoogleFailure, route, type Answer, type Asked, type Route } from '@handoff/loopback-http';
import type { BucketFiles, Precondition } from './bucket-files.ts';

const pageMax = 1_000;

const object = ({ names }: Asked): { readonly bucket: string; readonly name: string } => ({ bucket: names['bucket'] ?? '', name: names['object'] ?? '' });

/** The condition that a request puts on what is stored. */
export function preconditionOf(query: URLSearchParams): Precondition {
  const wanted = query.get('ifGenerationMatch');
  return wanted === null ? undefined : Number(wanted);
}

export function objectRoutes(files: BucketFiles): readonly Route[] {
  return [
    route('GET /b/:bucket', ({ names }) => Promise.resolve({ status: 200, json: { kind: 'storage#bucket', name: files.bucket(names['bucket'] ?? '') } })),
    route('GET /b/:bucket/o', (asked) => list(files, asked)),
    route('GET /b/:bucket/o/:object', async (asked) => {
      const { bucket, name } = object(asked);
      const { bytes, resource } = await files.read(bucket, name);
      if (preconditionOf(asked.query) !== undefined && String(preconditionOf(asked.query)) !== resource['generation']) throw new GoogleFailure(412, 'conditionNotMet', 'The generation is another');
      return asked.query.get('alt') === 'media' ? media(bytes, resource) : { status: 200, json: resource };
    }),
    route('DELETE /b/:bucket/o/:object', async (asked) => {
      const { bucket, name } = object(asked);
      await files.remove(bucket, name, preconditionOf(asked.query));
      return { status: 204 };
    }),
  ];
}

function media(bytes: Buffer, resource: Readonly<Record<string, unknown>>): Answer {
  const cacheControl = resource['cacheControl'];
  return {
    status: 200, bytes,
    headers: {
      'content-type': String(resource['contentType']), 'x-goog-hash': `crc32c=${String(resource['crc32c'])},md5=${String(resource['md5Hash'])}`,
      'x-goog-generation': String(resource['generation']), 'x-goog-stored-content-length': String(bytes.length), 'x-goog-stored-content-encoding': 'identity',
      ...(typeof cacheControl === 'string' ? { 'cache-control': cacheControl } : {}),
    },
  };
}

/** The page token is the last name of the page before. */
async function list(files: BucketFiles, { names, query }: Asked): Promise<Answer> {
  const bucket = names['bucket'] ?? '';
  const all = await files.list(bucket, query.get('prefix') ?? '');
  const token = query.get('pageToken');
  const first = token === null ? 0 : all.findIndex(({ path }) => path === token) + 1;
  const page = all.slice(first, first + Math.min(Number(query.get('maxResults') ?? pageMax), pageMax));
  const last = page.at(-1);
  const next = last !== undefined && first + page.length < all.length ? { nextPageToken: last.path } : {};
  return { status: 200, json: { kind: 'storage#objects', items: page.map(({ path, sizeBytes }) => ({ kind: 'storage#object', bucket, name: path, size: String(sizeBytes) })), ...next } };
}
