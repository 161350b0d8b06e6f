import { randomUUID } from 'node:crypto';
import { GoogleFailure, readMultipart, route, type Answer, type Asked, type Route } from '@handoff/loopback-http';
import { UploadMetadata, type BucketFiles, type Upload } from './bucket-files.ts';
import { preconditionOf } from './object-routes.ts';

/** Resumable uploads that have begun: what has come of each. */
type Sessions = Map<string, Upload>;

/** Uploads as the client of Node sends them: multipart for a simple one, a session for a resumable one. */
export function uploadRoutes(files: BucketFiles): readonly Route[] {
  const sessions: Sessions = new Map();
  return [
    route('POST /b/:bucket/o', (asked) => {
      const type = asked.query.get('uploadType');
      if (type === 'multipart') return multipart(files, asked);
      if (type === 'media') return stored(files, { ...uploadOf(files, asked, { contentType: asked.headers['content-type'] ?? 'application/octet-stream' }), bytes: asked.body });
      if (type === 'resumable') return Promise.resolve(begin(files, sessions, asked));
      throw new GoogleFailure(400, 'invalid', `Uploads are multipart, media or resumable, not ${type ?? 'without a type'}`);
    }),
    route('PUT /b/:bucket/o', (asked) => goOn(files, sessions, asked)),
  ];
}

function uploadOf(files: BucketFiles, { names, query }: Asked, metadata: UploadMetadata): Upload {
  const name = query.get('name') ?? metadata.name;
  if (name === undefined) throw new GoogleFailure(400, 'required', 'Required parameter: name');
  return { bucket: files.bucket(names['bucket'] ?? ''), name, bytes: Buffer.alloc(0), metadata, ifGenerationMatch: preconditionOf(query) };
}

function multipart(files: BucketFiles, asked: Asked): Promise<Answer> {
  const [metadata, data] = readMultipart(asked.headers['content-type'], asked.body);
  if (metadata === undefined || data === undefined) throw new GoogleFailure(400, 'invalid', 'A multipart upload has two parts: the metadata, and the bytes');
  const said = readMetadata(metadata.bytes);
  return stored(files, { ...uploadOf(files, asked, { contentType: data.contentType, ...said }), bytes: data.bytes });
}

const readMetadata = (bytes: Buffer): UploadMetadata => UploadMetadata.parse(JSON.parse(bytes.length === 0 ? '{}' : bytes.toString('utf8')));

async function stored(files: BucketFiles, upload: Upload): Promise<Answer> {
  return { status: 200, json: await files.store(upload) };
}

function begin(files: BucketFiles, sessions: Sessions, asked: Asked): Answer {
  const contentType = asked.headers['x-upload-content-type'];
  const upload = uploadOf(files, asked, { ...(contentType === undefined ? {} : { contentType }), ...readMetadata(asked.body) });
  const id = randomUUID();
  sessions.set(id, upload);
  return { status: 200, headers: { location: `http://${asked.headers['host'] ?? ''}/upload/storage/v1/b/${encodeURIComponent(upload.bucket)}/o?uploadType=resumable&upload_id=${id}` } };
}

/** Takes further bytes of a session. A range that ends in a star, or at its total, is the last. */
async function goOn(files: BucketFiles, sessions: Sessions, asked: Asked): Promise<Answer> {
  const id = asked.query.get('upload_id') ?? '';
  const upload = sessions.get(id);
  if (upload === undefined) throw new GoogleFailure(404, 'notFound', 'No such upload');
  const range = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(asked.headers['content-range'] ?? 'bytes 0-*/*');
  if (range === null) throw new GoogleFailure(400, 'invalid', `Failed to parse Content-Range header: ${asked.headers['content-range'] ?? ''}`);
  const [, from, to, total] = range;
  if (from !== undefined && Number(from) !== upload.bytes.length) throw new GoogleFailure(503, 'backendError', `Bytes from ${from} follow after ${upload.bytes.length}`);
  const grown: Upload = { ...upload, bytes: Buffer.concat([upload.bytes, from === undefined ? Buffer.alloc(0) : asked.body]) };
  const isLast = to === '*' || (total !== '*' && grown.bytes.length === Number(total));
  if (!isLast) {
    sessions.set(id, grown);
    return { status: 308, ...(grown.bytes.length === 0 ? {} : { headers: { range: `bytes=0-${grown.bytes.length - 1}` } }) };
  }
  sessions.delete(id);
  return stored(files, grown);
}
