import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { Faults } from './faults.ts';
import { routeOf, type Answer, type Route } from './routes.ts';

export interface LoopbackOptions {
  /** 0, the default, takes any that is free. */
  readonly port?: number;
  readonly routes: readonly Route[];
  /** Taken off the front of a path before the routes are looked at. */
  readonly prefixes: readonly string[];
  /** The answer for an error that a route threw. */
  readonly answerFor: (error: unknown) => Answer;
  /** The answer for a request that no route takes. */
  readonly unknown: (method: string, path: string) => Answer;
}

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Answers to give instead of the real ones. */
  readonly faults: Faults;
  /** How many requests have come in, faults included. */
  readonly requests: () => number;
  readonly close: () => Promise<void>;
}

/** Serves routes on 127.0.0.1, where no other machine can reach them. */
export async function serveLoopback(options: LoopbackOptions): Promise<LoopbackServer> {
  const faults = new Faults();
  let requests = 0;
  const server = createServer((message, response) => {
    requests += 1;
    // What fails outside a route is a connection that broke: there is nobody left to tell.
    respond(options, faults, message).then((answer) => { send(response, answer); }, () => { response.destroy(); });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.close();
    // The clients keep their connections.
    server.closeAllConnections();
    if (server.listening) await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, faults, requests: () => requests, close };
}

async function respond(options: LoopbackOptions, faults: Faults, message: IncomingMessage): Promise<Answer> {
  const method = message.method ?? 'GET';
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  const body = await bodyOf(message);
  const fault = faults.take(method, url.pathname);
  if (fault !== undefined && fault.isDone !== true) return fault.answer;
  const prefix = options.prefixes.find((candidate) => url.pathname.startsWith(`${candidate}/`)) ?? '';
  const path = url.pathname.slice(prefix.length);
  const found = routeOf(options.routes, method, path);
  if (found === undefined) return options.unknown(method, url.pathname);
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
  try {
    const answer = await found.route.answer({ method, path, names: found.names, query: url.searchParams, headers, body });
    return fault?.answer ?? answer;
  } catch (error) {
    return options.answerFor(error);
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return message.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function send(response: ServerResponse, answer: Answer): void {
  const body = answer.bytes ?? (answer.json === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(answer.json)));
  const contentType = answer.bytes === undefined ? 'application/json; charset=UTF-8' : 'application/octet-stream';
  response.writeHead(answer.status, { 'content-type': contentType, 'content-length': String(body.length), ...answer.headers });
  response.end(body);
}
