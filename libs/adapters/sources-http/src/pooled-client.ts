import { Agent as PlainAgent, request as requestPlain, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as requestTls } from 'node:https';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type InputType, type ZlibOptions } from 'node:zlib';
import type { DurationMs } from '@handoff/contracts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface GetOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** From the first byte that is sent to the last that is received. */
  readonly timeout: DurationMs;
  /** Of the body, as it comes and as it is unpacked. */
  readonly bytesMax: number;
  /** Called with the head: what it throws ends the request before any of the body is taken. */
  readonly check: (status: number, headers: IncomingHttpHeaders) => void;
}

/** The body is longer than what the caller takes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Requests to one source at once: what its scrapers ask in parallel is little, and its limits are low. */
const connectionsMax = 4;

type Unpack = (input: InputType, options: ZlibOptions) => Promise<Buffer>;

const unpackers: Readonly<Record<string, Unpack>> = {
  gzip: promisify<InputType, ZlibOptions, Buffer>(gunzip),
  deflate: promisify<InputType, ZlibOptions, Buffer>(inflate),
  br: promisify<InputType, ZlibOptions, Buffer>(brotliDecompress),
};

/**
 * The connections to one source, kept open between requests for the life of a process. Node's own client: its agent is
 * the pool, bounded and for this source alone, and nothing in it repeats a request.
 */
export class PooledClient {
  readonly #agent: PlainAgent;
  readonly #request: typeof requestPlain;

  constructor(baseUrl: string) {
    const isTls = new URL(baseUrl).protocol === 'https:';
    this.#agent = new (isTls ? TlsAgent : PlainAgent)({ keepAlive: true, maxSockets: connectionsMax, scheduling: 'lifo' });
    this.#request = isTls ? requestTls : requestPlain;
  }

  /** @throws BodyTooLarge, what `check` throws, and Node's own errors for a connection that fails or takes too long. */
  async get(url: URL, options: GetOptions): Promise<RawAnswer> {
    const signal = AbortSignal.timeout(options.timeout);
    const request = this.#request(url, { agent: this.#agent, headers: { 'accept-encoding': Object.keys(unpackers).join(', '), ...options.headers }, signal });
    try {
      const response = await headOf(request);
      const status = response.statusCode ?? 0;
      options.check(status, response.headers);
      const packed = await bodyOf(response, options.bytesMax);
      return { status, headers: response.headers, body: await unpacked(packed, response.headers['content-encoding'], options.bytesMax) };
    } catch (error) {
      // The rest of a body that nobody reads would hold the connection.
      request.destroy();
      throw error;
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}

const headOf = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Stays for the life of the request: one that is destroyed later may still say so.
    request.on('error', reject);
    request.end();
  });

async function bodyOf(response: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bytesMax) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function unpacked(body: Buffer, encoding: string | undefined, bytesMax: number): Promise<Uint8Array> {
  const unpack = unpackers[encoding ?? ''];
  if (unpack === undefined || body.length === 0) return body;
  try {
    return await unpack(body, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError) throw new BodyTooLarge('unpacked', { cause: error });
    throw error;
  }
}
