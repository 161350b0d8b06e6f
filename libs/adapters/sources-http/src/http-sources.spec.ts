import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Source } from '@handoff/catalogue';
import { after, milliseconds, seconds, type DurationMs } from '@handoff/contracts';
import type { SourceRequest } from '@handoff/ports';
import { madeUpSeason, RecordedSource } from '@handoff/sources-recorded';
import { describeHttpSourceContract, ManualClock } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpSources, openHttpSources, readSourceKeys, type SourceLimits } from './index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => (_request, response) => { response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(value)); };
const bytes = (body: Uint8Array | string, headers: Readonly<Record<string, string>>): Answer => (_request, response) => { response.writeHead(200, headers).end(body); };
const cut: Answer = (request) => { request.socket.destroy(); };
const never: Answer = () => undefined;

let server: Server;
let answers: Answer[];
let seen: { readonly url: string; readonly headers: IncomingMessage['headers'] }[];
let connections: number;
let clock: ManualClock;
let waits: number[];
let opened: HttpSources[];
beforeEach(async () => {
  [answers, seen, connections, clock, waits, opened] = [[], [], 0, new ManualClock(), [], []];
  server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    (answers.shift() ?? json({ data: [] }))(request, response);
  });
  server.on('connection', () => { connections += 1; });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
afterEach(async () => {
  for (const one of opened) one.close();
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
});

const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const sourcesAt = (over: Partial<Source> = {}): readonly Source[] => [
  { id: 'balldontlie', title: 'balldontlie', baseUrl: baseUrl(), secret: { variable: 'BALLDONTLIE_API_KEY', header: 'authorization' }, enabled: [{ from: '2020-10-01' }], ...over },
  { id: 'odds-api', title: 'The Odds API', baseUrl: baseUrl(), secret: { variable: 'ODDS_API_KEY', parameter: 'apiKey' }, enabled: [{ from: '2020-10-01' }] },
  { id: 'prizepicks', title: 'PrizePicks', baseUrl: baseUrl(), enabled: [{ from: '2020-10-01' }] },
];
const keys = new Map([['balldontlie', 'secret-of-bdl'], ['odds-api', 'secret-of-odds']]);

function source(limits: Partial<SourceLimits> = {}, over: Partial<Source> = {}): HttpSources {
  const wait = (span: DurationMs): Promise<void> => {
    waits.push(span);
    clock.advance(span);
    return Promise.resolve();
  };
  const one = new HttpSources({ sources: sourcesAt(over), keys, clock, random: { next: () => 0 }, wait, limits });
  opened.push(one);
  return one;
}
const request: SourceRequest = { scraper: 'bdl_injuries', path: '/v1/player_injuries', query: { per_page: '100' } };
const textOf = ({ body }: { readonly body: Uint8Array }) => new TextDecoder().decode(body);

describe('a request', () => {
  it('goes to its source’s address with its query and its key, in the header or parameter that the source takes', async () => {
    const one = source();
    await one.fetch(request);
    await one.fetch({ scraper: 'oddsa_events', path: '/v4/events', query: { team: 'Å & B' } });
    await one.fetch({ scraper: 'prizepicks_lines', path: '/projections', query: {} });
    expect(seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/v1/player_injuries?per_page=100', 'secret-of-bdl'], [`/v4/events?team=${encodeURIComponent('Å')}+%26+B&apiKey=secret-of-odds`, undefined], ['/projections', undefined],
    ]);
  });

  it('goes over a connection that is kept open, and of many at once over four', async () => {
    const one = source();
    for (let time = 0; time < 5; time += 1) await one.fetch(request);
    expect(connections).toBe(1);
    await Promise.all(Array.from({ length: 20 }, () => one.fetch(request)));
    expect(connections).toBeLessThanOrEqual(4);
  });

  it('is answered with what was packed, unpacked', async () => {
    answers = [bytes(gzipSync('{"data":["é"]}'), { 'content-type': 'application/json', 'content-encoding': 'gzip' })];
    expect(textOf(await source().fetch(request))).toBe('{"data":["é"]}');
  });

  it('is answered with any other status below 500 at once', async () => {
    answers = [(_request, response) => { response.writeHead(404, { 'content-type': 'text/html' }).end('<html>'); }];
    expect(await source().fetch(request)).toMatchObject({ status: 404 });
    expect(seen).toHaveLength(1);
  });
});

describe('a source that fails', () => {
  it.each<readonly [what: string, answer: Answer]>([['500', json({}, 500)], ['503', json({}, 503)], ['408', json({}, 408)], ['429', json({}, 429)], ['a cut connection', cut], ['a body that is cut off', (_request, response) => { response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }); response.write('{"data"', () => { response.destroy(); }); }], ['bytes that cannot be unpacked', bytes('no gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' })]])('with %s twice and then answers is asked three times, with 0.5 and 1 s between', async (_what, answer) => {
    answers = [answer, answer, json({ data: [1] })];
    expect(textOf(await source().fetch(request))).toBe('{"data":[1]}');
    expect([seen.length, waits]).toEqual([3, [500, 1_000]]);
  });

  it.each<readonly [status: number, code: string, disposition: string, asked: number]>([
    [500, 'source-unavailable', 'retry', 4], [429, 'source-rate-limited', 'retry', 4], [403, 'source-blocked', 'defer', 1], [401, 'source-blocked', 'defer', 1],
  ])('with %i for ever is %s (%s) after %i requests', async (status, code, disposition, asked) => {
    answers = Array.from({ length: 9 }, () => json({}, status));
    await expect(source().fetch(request)).rejects.toMatchObject({ code, disposition, facts: { source: 'balldontlie', scraper: 'bdl_injuries', path: '/v1/player_injuries', status } });
    expect(seen).toHaveLength(asked);
  });

  it('that refuses us is one resource, whatever was asked', async () => {
    answers = [json({}, 403)];
    await expect(source().fetch(request)).rejects.toMatchObject({ facts: { resource: 'balldontlie' } });
  });

  it('that never answers is given up each time after the timeout of a request', async () => {
    answers = [never, never];
    await expect(source({ attemptsMax: 2, requestTimeout: milliseconds(30) }).fetch(request)).rejects.toMatchObject({ code: 'source-unavailable', disposition: 'retry' });
    expect(seen).toHaveLength(2);
  });

  it('that nobody listens at is unavailable', async () => {
    await expect(source({}, { baseUrl: 'http://127.0.0.1:1' }).fetch(request)).rejects.toMatchObject({ code: 'source-unavailable', disposition: 'retry' });
  });

  it('is not asked any more when the whole time is over', async () => {
    answers = Array.from({ length: 9 }, () => json({}, 500));
    await expect(source({ attemptsMax: 9, totalTimeout: seconds(3) }).fetch(request)).rejects.toMatchObject({ code: 'source-unavailable' });
    expect([seen.length, waits]).toEqual([4, [500, 1_000, 2_000]]);
  });

  it('never has its key in an error', async () => {
    answers = Array.from({ length: 9 }, () => json({}, 500));
    const error: unknown = await source().fetch({ scraper: 'oddsa_events', path: '/v4/events', query: {} }).catch((thrown: unknown) => thrown);
    expect(JSON.stringify([error, String(error), (error as Error).stack, (error as { facts: unknown }).facts])).not.toContain('secret-of-odds');
  });
});

describe('Retry-After', () => {
  it('is waited for, in seconds and as a date', async () => {
    answers = [json({}, 429, { 'retry-after': '7' }), json({}, 503, { 'retry-after': new Date(after(clock.now(), seconds(27))).toUTCString() }), json({ data: [] })];
    await source().fetch(request);
    expect(waits).toEqual([7_000, 20_000]);
  });

  it('of more than half a minute is not waited for here: the message comes again', async () => {
    answers = [json({}, 429, { 'retry-after': '31' })];
    await expect(source().fetch(request)).rejects.toMatchObject({ code: 'source-rate-limited', facts: { retryAfterMs: 31_000 } });
    expect([seen.length, waits]).toEqual([1, []]);
  });
});

describe('an answer', () => {
  it.each<readonly [what: string, answer: Answer]>([
    ['says that it is too long', bytes('x'.repeat(101), { 'content-type': 'application/json', 'content-length': '101' })],
    ['does not say how long it is', (_request, response) => { response.writeHead(200, { 'content-type': 'application/json' }); for (let chunk = 0; chunk < 11; chunk += 1) response.write('x'.repeat(10)); response.end(); }],
    ['is too long once it is unpacked', bytes(gzipSync('x'.repeat(101)), { 'content-type': 'application/json', 'content-encoding': 'gzip' })],
  ])('that %s is not taken, and not asked for again', async (_what, answer) => {
    answers = [answer];
    await expect(source({ bytesMax: 100 }).fetch(request)).rejects.toMatchObject({ code: 'source-payload-too-large', disposition: 'defer', facts: { bytesMax: 100 } });
    expect(seen).toHaveLength(1);
  });

  it('of exactly as many bytes as are taken is taken', async () => {
    answers = [bytes('x'.repeat(100), { 'content-type': 'application/json' })];
    expect((await source({ bytesMax: 100 }).fetch(request)).body).toHaveLength(100);
  });

  it.each(['text/html', 'application/xml; note=json', ''])('of content type %j is not read as JSON', async (contentType) => {
    answers = [bytes('<html>', contentType === '' ? {} : { 'content-type': contentType })];
    await expect(source().fetch(request)).rejects.toMatchObject({ code: 'source-not-json', disposition: 'retry' });
    expect(seen).toHaveLength(1);
  });
});

describe('keys', () => {
  it('that are missing stop the start, and all of them are named', () => {
    expect(() => openHttpSources({ ODDS_API_KEY: ' ' }, { clock, random: { next: () => 0 } })).toThrow(expect.objectContaining({ code: 'config-invalid', disposition: 'reject', facts: { problems: ['BALLDONTLIE_API_KEY: the key of balldontlie is missing', 'ODDS_API_KEY: the key of odds-api is missing'] } }));
  });

  it('are asked for neither of sources without one, nor of those that are not enabled', () => {
    const [first, second, third] = sourcesAt({ enabled: [] });
    expect(readSourceKeys([first!, second!, third!], { ODDS_API_KEY: 'key\n' })).toEqual(new Map([['odds-api', 'key']]));
  });
});

describeHttpSourceContract('Sources over HTTP', async () => {
  const recorded = new RecordedSource(madeUpSeason({ from: '2026-01-22', days: 2, players: 3 }), new ManualClock());
  const behind = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '', 'http://source');
    void recorded.fetch({ scraper: 'any', path: url.pathname, query: Object.fromEntries(url.searchParams) }).then(({ status, contentType, body }) => { response.writeHead(status, { 'content-type': contentType }).end(body); });
  });
  await new Promise<void>((resolve) => { behind.listen(0, '127.0.0.1', resolve); });
  const address = `http://127.0.0.1:${(behind.address() as AddressInfo).port}`;
  const subject = new HttpSources({ sources: ['nba-com', 'balldontlie', 'prizepicks'].map((id) => ({ id, title: id, baseUrl: address, enabled: [] })), keys: new Map(), clock: new ManualClock(), random: { next: () => 0 }, wait: () => Promise.resolve() });
  const one = {
    subject: {
      source: subject,
      answered: [{ scraper: 'nbac_schedule_api', path: '/stats/scheduleleaguev2', query: { Season: '2025-26' } }, { scraper: 'bdl_injuries', path: '/v1/player_injuries', query: {} }, { scraper: 'prizepicks_lines', path: '/projections', query: { league: 'NBA' } }],
      refused: { scraper: 'nbac_schedule_api', path: '/stats/scheduleleaguev2', query: {} },
      unknown: { scraper: 'bdl_injuries', path: '/v9/nothing', query: {} },
    },
    close: async () => { subject.close(); behind.closeAllConnections(); await new Promise((resolve) => { behind.close(resolve); }); },
    reopen: () => Promise.resolve(one),
    crash: () => Promise.resolve(one),
  };
  return one;
});
