/** One part of a multipart/related body. */
export interface Part {
  readonly contentType: string;
  readonly bytes: Buffer;
}

const lineBreak = Buffer.from('\r\n');
const headEnd = Buffer.from('\r\n\r\n');

/**
 * The parts of a multipart/related body, as the clients of BigQuery and Cloud Storage send it.
 *
 * @throws RangeError for a content type without a boundary.
 */
export function readMultipart(contentType: string | undefined, body: Buffer): readonly Part[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType ?? '')?.[1];
  if (boundary === undefined) throw new RangeError(`a multipart body without a boundary: ${contentType ?? 'no content type'}`);
  const mark = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  for (let at = body.indexOf(mark); at !== -1; ) {
    const start = at + mark.length + lineBreak.length;
    const next = body.indexOf(mark, start);
    if (next === -1) break;
    const head = body.indexOf(headEnd, start);
    parts.push({
      contentType: /content-type:\s*([^\r\n]+)/i.exec(body.subarray(start, head).toString('latin1'))?.[1] ?? '',
      bytes: body.subarray(head + headEnd.length, next - lineBreak.length),
    });
    at = next;
  }
  return parts;
}
