import { afterEach, describe, expect, it } from 'vitest';
import { readMultipart, route, serveLoopback, type LoopbackServer } from './index.ts';

describe('a multipart body', () => {
  const body = (...parts: readonly string[]): Buffer => Buffer.from(`${parts.map((part) => `--cut\r\nContent-Type: text/plain\r\n\r\n${part}\r\n`).join('')}--cut--`);

  it.each([[[]], [['one']], [['', 'two\r\nlines\r\n\r\n']], [['{"a":1}', '--cu', 'é\0']]])('gives back its parts %j', (parts) => {
    expect(readMultipart('multipart/related; boundary="cut"', body(...parts)).map(({ bytes }) => bytes.toString())).toEqual(parts);
  });

  it('without a boundary is refused', () => {
    expect(() => readMultipart('text/plain', Buffer.from(''))).toThrow(RangeError);
  });
});

describe('a loopback server', () => {
  const servers: LoopbackServer[] = [];
  afterEach(async () => {
    for (const one of servers.splice(0)) await one.close();
  });
  const serve = async (): Promise<LoopbackServer> => {
    let calls = 0;
    const server = await serveLoopback({
      routes: [route('GET /things/:name', ({ names }) => { calls += 1; return names['name'] === 'bad' ? Promise.reject(new Error('bad name')) : Promise.resolve({ status: 200, json: { ...names, calls } }); })],
      prefixes: ['/v1'], answerFor: (error) => ({ status: 400, json: String(error) }), unknown: (method, path) => ({ status: 404, json: `${method} ${path}` }),
    });
    servers.push(server);
    return server;
  };
  const ask = async (server: LoopbackServer, path: string): Promise<readonly [number, unknown]> => {
    const response = await fetch(`${server.url}${path}`);
    return [response.status, await response.json()];
  };

  it('finds routes with and without the prefix, and decodes names with slashes in them', async () => {
    const server = await serve();
    expect(await ask(server, '/v1/things/a%2Fb%20%C3%A9')).toEqual([200, { name: 'a/b é', calls: 1 }]);
    expect(await ask(server, '/things/a')).toEqual([200, { name: 'a', calls: 2 }]);
    expect(await ask(server, '/things/a/b')).toEqual([404, 'GET /things/a/b']);
    expect(await ask(server, '/things/bad')).toEqual([400, 'Error: bad name']);
  });

  it('gives a fault as often as it was asked to, with or without doing the work', async () => {
    const server = await serve();
    server.faults.add({ method: 'GET', path: /things/, times: 2, answer: { status: 503, json: 'no' } });
    server.faults.add({ method: 'GET', path: /things/, isDone: true, answer: { status: 503, json: 'lost' } });
    const answers = [];
    for (let request = 0; request < 4; request += 1) answers.push(await ask(server, '/things/a'));
    expect(answers).toEqual([[503, 'no'], [503, 'no'], [503, 'lost'], [200, { name: 'a', calls: 2 }]]);
    expect(server.requests()).toBe(4);
  });
});
