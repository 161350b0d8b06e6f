import { Agent, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { FunctionCaller } from './function-caller.ts';
import { serveFunction, type HostableFunction, type HostedFunction, type HostResponse, type HostSetting } from '@handoff/function-host';

export interface FunctionServersOptions extends HostSetting {
  readonly functions: readonly HostableFunction[];
  /** What stands between the requests of a function and the function. */
  readonly around?: (name: string, hosted: HostedFunction) => HostedFunction;
}

/** Every function behind its own loopback port, as the platform serves them: what calls them uses HTTP. */
export class FunctionServers implements FunctionCaller {
  readonly #servers = new Map<string, { readonly server: Server; readonly port: number }>();
  readonly #agent = new Agent({ keepAlive: true });
  readonly #calls = new Map<string, number>();

  /** Starts all functions; a configuration that is not valid stops the start. */
  static async start(options: FunctionServersOptions): Promise<FunctionServers> {
    const servers = new FunctionServers();
    for (const hostable of options.functions) await servers.#listen(hostable, options);
    return servers;
  }

  async call(name: string, body: unknown): Promise<HostResponse> {
    const target = this.#servers.get(name);
    if (target === undefined) throw new RangeError(`no function ${name} is served`);
    return post(target.port, JSON.stringify(body), this.#agent);
  }

  /** Where a function is reached: `http://127.0.0.1:PORT`. */
  addressOf(name: string): string | undefined {
    const target = this.#servers.get(name);
    return target === undefined ? undefined : `http://127.0.0.1:${target.port}`;
  }

  calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await Promise.all([...this.#servers.values()].map(({ server }) => new Promise<void>((resolve) => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    })));
  }

  async #listen({ name, host }: HostableFunction, { around, ...setting }: FunctionServersOptions): Promise<void> {
    const hosted = host(setting);
    const answered = around?.(name, hosted) ?? hosted;
    serveFunction(name, (request) => {
      this.#calls.set(name, (this.#calls.get(name) ?? 0) + 1);
      return answered(request);
    });
    const server = getTestServer(name);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', () => { resolve(); });
    });
    this.#servers.set(name, { server, port: (server.address() as AddressInfo).port });
  }
}

function post(port: number, text: string, agent: Agent): Promise<HostResponse> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const request = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: '/', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => { resolve({ status: response.statusCode ?? 500, body: readBody(Buffer.concat(chunks).toString('utf8')) }); });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(text);
  });
}

/** The framework answers a thrown error with text: it is shown as it is. */
function readBody(text: string): HostResponse['body'] {
  try {
    return JSON.parse(text) as HostResponse['body'];
  } catch (error) {
    if (error instanceof SyntaxError) return { outcome: 'failed', text };
    throw error;
  }
}
