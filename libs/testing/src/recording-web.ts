import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server on this machine that keeps what is posted to it. */
export interface RecordingWeb {
  readonly url: string;
  /** Bodies that were taken, in order. */
  readonly bodies: readonly string[];
  /** The next requests are answered with this status, 0 for a connection that breaks. */
  readonly failWith: (status: number, times: number) => void;
  readonly close: () => Promise<void>;
}

/** Answers `status` to every POST. `refusal` says why a body is not to be taken, as the real service would. */
export async function openRecordingWeb(status: number, refusal: (body: string) => string | undefined): Promise<RecordingWeb> {
  const bodies: string[] = [];
  let failing = { status: 0, left: 0 };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => { parts.push(part); });
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      if (failing.left > 0) {
        failing = { ...failing, left: failing.left - 1 };
        if (failing.status === 0) response.destroy();
        else response.writeHead(failing.status).end('as asked');
        return;
      }
      const problem = refusal(body);
      if (problem === undefined) bodies.push(body);
      response.writeHead(problem === undefined ? status : 400).end(problem ?? 'ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies,
    failWith: (code, times) => { failing = { status: code, left: times }; },
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}
