import { subscriptions, tableNamed, tableSubscriptions, watchdog, type Topic } from '@handoff/catalogue';
import { PipelineError, rowOfWire, wireRowOf, type Column } from '@handoff/contracts';
import { encodePush, type HostedFunction, type HostResponse } from '@handoff/function-host';
import type { Alert, Ports } from '@handoff/ports';
import { brokenShape, ManualClock, silentLog, type Place } from '@handoff/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostableFunctions } from './hostable-functions.ts';

const hash = 'a'.repeat(64);
const common = { sport: 'nba', purpose: 'live' };
const at = 1_769_313_600_000;
const game = '0022500642';
const run = { gameDate: '2026-01-24', revision: 1, releaseId: 'r1', games: [game], isDegraded: true, missing: ['nba_raw.nbac_schedule'], upgrades: false, sourceVersionAt: at };
const completion = { gameDate: '2026-01-24', output: 'nba_raw.bdl_player_boxscores', scope: game, contentHash: hash, rowCount: 20, expectedRowCount: 21, quality: 98.5 };
const completed = { ...common, phase: 'phase2', flow: 'postgame', executionId: 'e1', sourceVersionAt: at, completions: [completion] };
const triggered = { ...common, triggerId: 't1', phase: 'phase3', flow: 'postgame', runs: [run] };
const due = { ...common, app: 'phase2-to-phase3', flow: 'postgame', to: 'phase3', gameDate: '2026-01-24', dueAt: at, again: { games: [game], reason: 'spec' } };

/** One whole message of each kind, with every field that its contract knows. */
const samples: Readonly<Record<string, object>> = {
  'scrape-requests': { ...common, requestId: 's1', decisionId: 'd1', workflow: 'w', scraper: 'bdl_player_box_scores', gameDate: '2026-01-24', untilDate: '2026-01-24', requestedAt: at, games: [game] },
  'phase1-scrapers-complete': { ...common, executionId: 'e1', workflow: 'w', gameDate: '2026-01-24', untilDate: '2026-01-24', files: [{ path: 'a/b.json', contentHash: hash }], fetchedAt: at, games: [game], recheck: { games: [game], attempt: 1, force: { reason: 'spec' } } },
  'boxscore-gaps-detected': { sport: 'nba', checkId: 'c1', detectedAt: at, gaps: [{ gameDate: '2026-01-24', games: [game], teams: ['GSW', 'MIN'] }] },
  'gaps-detected': { sport: 'nba', lookId: 'l1', detectedAt: at, gaps: ['2026-01-24|postgame|phase3'] },
  'watchdog-canary': { sport: 'nba', publishedAt: at },
  'prediction-requests': { ...common, requestId: 'p1', triggerId: 't1', games: [game], run },
  'prediction-ready': { ...common, requestId: 'p1', triggerId: 't1', run, completions: [completion] },
};
const sampleOf = (topic: Topic): object => samples[topic] ?? (topic.endsWith('-trigger') ? triggered : topic.endsWith('-due') ? due : completed);
const optional: ReadonlySet<Place[number] | undefined> = new Set(['expectedRowCount', 'quality', 'recheck', 'force', 'again']);

/** Work that may be limited to some games, and need not be. */
const limited: ReadonlySet<Topic> = new Set<Topic>(['scrape-requests', 'phase1-scrapers-complete']);

/** A function whose state store answers no look at a claim: what it accepts is to be sent again, what it refuses is kept. */
function aHost(name: string): { readonly host: HostedFunction; readonly alerts: string[] } {
  const alerts: string[] = [];
  const unavailable = new PipelineError({ code: 'state-unavailable', disposition: 'retry', message: 'no answer' });
  const notifier = { alert: (alert: Alert) => { alerts.push(alert.cause); return Promise.resolve(); }, resolve: () => Promise.resolve() };
  const ports = { clock: new ManualClock(), log: silentLog, notifier, objects: { get: () => Promise.reject(unavailable) }, state: { get: () => Promise.reject(unavailable), batch: () => Promise.resolve() } } as unknown as Ports;
  const hostable = hostableFunctions.find((one) => one.name === name)!;
  return { host: hostable.host({ ports, instance: { id: 'spec', isGone: () => false }, environment: { SPORT: 'nba' } }), alerts };
}

const send = (host: HostedFunction, subscription: string, payload: unknown): Promise<HostResponse> => {
  const body = encodePush({ subscription, messageId: 'm1', publishedAt: new ManualClock().now(), attempt: 1, message: { key: 'k', correlationId: 'c', payload: payload as Record<string, unknown> } });
  return host({ method: 'POST', path: '/', headers: {}, body });
};
const accepted = { status: 503, body: { outcome: 'retry', code: 'state-unavailable' } };
/** What a function answers that needs no state store, and has no files either. */
const acceptedBy = (name: string) => (name === watchdog ? { status: 200, body: { outcome: 'not-noted' } } : accepted);
const refused = { status: 200, body: { outcome: 'rejected', code: 'malformed-message' } };

describe.each(subscriptions.map(({ name, topic, function: to }) => [name, topic, to] as const))('%s', (name, topic, to) => {
  const { host, alerts } = aHost(to);

  it('takes a whole message', async () => {
    expect(await send(host, name, sampleOf(topic))).toMatchObject(acceptedBy(to));
    expect(alerts).toEqual([]);
  });

  it('refuses one that is broken at any one place, for good', () => fc.assert(fc.asyncProperty(brokenShape(sampleOf(topic)), async ({ place, way, value }) => {
    const isWhole = (optional.has(place.at(-1)) || (place.join('.') === 'games' && limited.has(topic))) && (way === 'dropped' || way === 'renamed');
    expect(await send(host, name, value)).toMatchObject(isWhole ? acceptedBy(to) : refused);
  }), { numRuns: 200 }));

  it('takes or refuses any JSON, and calls nothing a bug', () => fc.assert(fc.asyncProperty(fc.oneof(fc.object(), fc.jsonValue(), brokenShape(sampleOf(topic)).map(({ value }) => ({ runs: value, completions: [value] }))), async (payload) => {
    expect([200, 503]).toContain((await send(host, name, payload)).status);
    expect(alerts.filter((cause) => cause !== 'malformed-message')).toEqual([]);
  }), { numRuns: 100 }));
});

describe('values that no message of ours has', () => {
  const last = Number.MAX_SAFE_INTEGER;
  it.each<readonly [what: string, topic: Topic, over: object]>([
    ['an instant that no calendar has', 'phase1-scrapers-complete', { fetchedAt: last }],
    ['an instant that no calendar has', 'scrape-requests', { requestedAt: last }],
    ['seconds for milliseconds', 'scrape-requests', { requestedAt: 1_769_313_600 }],
    ['a range of dates that ends before it begins', 'phase1-scrapers-complete', { untilDate: '2026-01-23' }],
    ['a range of dates that ends before it begins', 'scrape-requests', { untilDate: '2026-01-23' }],
    ['eight thousand years of dates', 'phase1-scrapers-complete', { untilDate: '9999-12-31' }],
    ['eight thousand years of dates', 'scrape-requests', { untilDate: '9999-12-31' }],
    ['a date from which no other can be counted', 'phase1-scrapers-complete', { gameDate: '9999-12-31', untilDate: '9999-12-31' }],
    ['a date before the league', 'phase2-raw-complete', { completions: [{ ...completion, gameDate: '0001-01-01' }] }],
    ['a day that February does not have', 'phase2-raw-complete', { completions: [{ ...completion, gameDate: '2026-02-30' }] }],
    ['no completions', 'phase2-raw-complete', { completions: [] }],
    ['a key as long as a book', 'scrape-requests', { requestId: 'x'.repeat(201) }],
  ])('%s: refused on %s', async (_, topic, over) => {
    const subscription = subscriptions.find((one) => one.topic === topic)!;
    expect(await send(aHost(subscription.function).host, subscription.name, { ...sampleOf(topic), ...over })).toMatchObject(refused);
  });
});

const columnSamples: Readonly<Record<Column['type'], unknown>> = { STRING: 'text', INT64: 3, FLOAT64: 0.5, BOOL: true, DATE: '2026-01-24', TIMESTAMP: at, JSON: { a: 1 } };
const rowOf = (columns: readonly Column[]) => Object.fromEntries(columns.map(({ name, type, mode }) => [name, mode === 'REPEATED' ? [columnSamples[type]] : columnSamples[type]]));

describe.each(tableSubscriptions.map(({ name, table }) => [name, tableNamed(table)] as const))('%s', (_, table) => {
  const wire = wireRowOf(table, rowOf(table.columns));
  const columnOf = (place: Place): Column | undefined => table.columns.find(({ name }) => name === place[0]);

  it('reads a row as it was written', () => {
    expect(rowOfWire(table, wire)).toEqual(rowOf(table.columns));
  });

  it('has no row of a message that is broken at any one place', () => {
    const isOurs = (place: Place): boolean => columnOf(place)?.type !== 'JSON' || place.length === 1;
    fc.assert(fc.property(brokenShape(wire, isOurs), ({ place, way, value }) => {
      const { mode, type } = columnOf(place)!;
      // Any JSON is JSON, and what may be null may be null.
      fc.pre(!(type === 'JSON' && way !== 'dropped' && way !== 'renamed') && !(way === 'null' && mode === 'NULLABLE'));
      expect(rowOfWire(table, value as Record<string, unknown>)).toBeUndefined();
    }), { numRuns: 400 });
  });

  it('has no row of any other JSON, and no error either', () => {
    fc.assert(fc.property(fc.object(), (value) => { expect(rowOfWire(table, value)).toBeUndefined(); }), { numRuns: 200 });
  });

  it.each(table.columns.flatMap(({ name, type }) => (type === 'DATE' ? [[name, '2026-02-30'], [name, '2026-13-01']] : type === 'TIMESTAMP' ? [[name, '1970-01-01T00:00:00Z'], [name, Number.MAX_SAFE_INTEGER]] : [])))('has no row with %s of %s, which the table would refuse with all others beside it', (name, value) => {
    expect(rowOfWire(table, { ...wire, [name]: value })).toBeUndefined();
  });
});
