import { CircuitBreakerConfig, isScraperEnabled, scrapers } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { after, gameDate, minutes, parseInstant, PipelineError, seconds, type FilesStored, type ScraperExecutionRow, type ScrapeRequested } from '@handoff/contracts';
import { writeLateLogRows } from '@handoff/log-rows';
import { guarded, type Delivery, type FlowContext, type HttpSource, type Ports, type SourceRequest, type SourceResponse } from '@handoff/ports';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpointOf } from './endpoints.ts';
import { scrapeSource } from './scrape-source.ts';

type Answer = Partial<SourceResponse> & { readonly json?: unknown };

/** Answers what it is told to, in order, and remembers what it was asked. */
class ScriptedSource implements HttpSource {
  readonly asked: SourceRequest[] = [];
  answers: Answer[] = [];

  fetch(request: SourceRequest): Promise<SourceResponse> {
    this.asked.push(request);
    const { status = 200, contentType = 'application/json', json, body } = this.answers.shift() ?? { status: 500 };
    return Promise.resolve({ status, contentType, body: body ?? new TextEncoder().encode(JSON.stringify(json)) });
  }
}

let clock: ManualClock;
let source: ScriptedSource;
let system: Awaited<ReturnType<typeof openTemporary>>;

beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-24T12:00:00Z'));
  source = new ScriptedSource();
  system = await openTemporary({ clock, log: silentLog, sources: source });
});
afterEach(() => system.close());

const context = (over: Partial<Ports> = {}): FlowContext => ({ ports: { ...system.ports, ...over }, log: silentLog, correlationId: 'spec' });
const scrape = (asked: ScrapeRequested, given: FlowContext) => scrapeSource(asked, given, CircuitBreakerConfig.parse({}));
const request = (over: Partial<ScrapeRequested> = {}): ScrapeRequested => ({
  sport: 'nba', purpose: 'live', requestId: 'request-1', decisionId: 'decision-1', workflow: 'injury_discovery', scraper: 'bdl_injuries', gameDate: gameDate('2026-01-24'), untilDate: gameDate('2026-01-24'), requestedAt: clock.now(), ...over,
});

async function announced(): Promise<readonly FilesStored[]> {
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries.filter(({ subscription }) => subscription === 'phase1-scrapers-complete--phase2-raw').map(({ message }) => message.payload as unknown as FilesStored);
}
const logged = () => system.ports.warehouse.query<ScraperExecutionRow>({
  name: 'spec/log', text: 'SELECT runs.execution_id, runs.status, runs.record_count, runs.error_code, runs.object_paths, runs.triggered_at FROM `nba_orchestration.scraper_execution_log` AS runs ORDER BY runs.execution_id',
});

const injuries = { data: [{ player: { id: 1 } }, { player: { id: 2 } }], meta: { per_page: 100 } };

describe('a scrape', () => {
  it('stores the answer under the catalogue’s prefix, announces it and logs one run', async () => {
    source.answers = [{ json: injuries }];
    expect(await scrape(request(), context())).toEqual({ outcome: 'success', facts: { scraper: 'bdl_injuries', files: 1, records: 2 } });
    const [stored] = await system.ports.objects.list('');
    expect(stored?.path).toMatch(/^ball-dont-lie\/injuries\/2026-01-24\/20260124T120000000Z-[0-9a-f]{12}\.json$/);
    expect(await announced()).toMatchObject([{ executionId: 'request-1', files: [{ path: stored?.path }], fetchedAt: clock.now() }]);
    expect(await logged()).toMatchObject([{ execution_id: 'request-1', status: 'success', record_count: 2, error_code: null, object_paths: [stored?.path] }]);
  });

  it('that is delivered again after storing neither asks nor stores again, and announces the same', async () => {
    source.answers = [{ json: injuries }];
    await scrape(request(), context());
    const before = [await system.ports.objects.list(''), await logged(), await announced()];
    clock.advance(minutes(10));
    expect(await scrape(request(), context())).toMatchObject({ outcome: 'success' });
    expect([await system.ports.objects.list(''), await logged(), await announced()]).toEqual(before);
    expect(source.asked).toHaveLength(1);
  });

  it('whose announcement failed after storing goes on from there', async () => {
    source.answers = [{ json: injuries }];
    await expect(scrape(request(), context({ bus: { publish: () => Promise.reject(new Error('bus is gone')) } }))).rejects.toThrow('bus is gone');
    expect(await logged()).toEqual([]);
    await scrape(request(), context());
    expect(source.asked).toHaveLength(1);
    expect(await announced()).toHaveLength(1);
    expect(await logged()).toHaveLength(1);
  });

  it('follows pages by their cursor and stores each', async () => {
    source.answers = [{ json: { ...injuries, meta: { next_cursor: 2, per_page: 100 } } }, { json: { data: [{ player: { id: 3 } }], meta: { per_page: 100 } } }];
    expect(await scrape(request(), context())).toMatchObject({ facts: { files: 2, records: 3 } });
    expect(source.asked.map(({ query }) => query['cursor'])).toEqual([undefined, '2']);
  });

  it('asks each event of the date, and none of the day after', async () => {
    const event = (id: string, commence: string) => ({ id: id.repeat(32), sport_key: 'basketball_nba', sport_title: 'NBA', commence_time: commence, home_team: 'Orlando Magic', away_team: 'Memphis Grizzlies' });
    const events = [event('a', '2026-01-25T00:00:00Z'), event('b', '2026-01-25T05:30:00Z')];
    source.answers = [{ json: events }, { json: { ...events[0], bookmakers: [{ key: 'draftkings' }] } }];
    expect(await scrape(request({ scraper: 'oddsa_player_props' }), context())).toMatchObject({ outcome: 'success', facts: { files: 2, records: 1 } });
    expect(source.asked.map(({ path }) => path)).toEqual(['/v4/sports/basketball_nba/events', `/v4/sports/basketball_nba/events/${'a'.repeat(32)}/odds`]);
    expect((await system.ports.objects.list('odds-api/')).map(({ path }) => path.split('/').slice(0, 4).join('/'))).toEqual([expect.stringMatching('^odds-api/events/2026-01-24/'), `odds-api/player-props/2026-01-24/${'a'.repeat(32)}`]);
  });

  it('that answers nothing is no_data: stored, announced, and not a success', async () => {
    source.answers = [{ json: { data: [], meta: { per_page: 100 } } }];
    expect(await scrape(request(), context())).toMatchObject({ outcome: 'no_data' });
    expect(await logged()).toMatchObject([{ status: 'no_data', record_count: 0 }]);
  });
});

describe('a scrape that fails', () => {
  it.each<readonly [what: string, answer: Answer, code: string, disposition: string]>([
    ['a refusal', { status: 403, json: {} }, 'source-refused', 'defer'],
    ['a page of HTML', { body: new TextEncoder().encode('<html>busy</html>'), contentType: 'text/html' }, 'source-not-json', 'retry'],
    ['a body that is cut off', { body: new TextEncoder().encode('{"data":[') }, 'source-not-json', 'retry'],
  ])('on %s leaves a failed row with the code, stores nothing and announces nothing', async (_what, answer, code, disposition) => {
    source.answers = [answer];
    await expect(scrape(request(), context())).rejects.toMatchObject({ code, disposition });
    expect(await logged()).toMatchObject([{ execution_id: 'request-1', status: 'failed', error_code: code, object_paths: [] }]);
    expect(await system.ports.objects.list('')).toEqual([]);
    expect(await announced()).toEqual([]);
  });

  it('and then succeeds turns its own row, rather than adding one', async () => {
    source.answers = [{ status: 403, json: {} }, { json: injuries }];
    await expect(scrape(request(), context())).rejects.toMatchObject({ code: 'source-refused' });
    await scrape(request(), context());
    expect(await logged()).toMatchObject([{ execution_id: 'request-1', status: 'success', error_code: null }]);
  });

  it('on pages without an end stops after a hundred', async () => {
    source.answers = Array.from({ length: 200 }, (_, index) => ({ json: { data: [], meta: { next_cursor: index } } }));
    await expect(scrape(request(), context())).rejects.toMatchObject({ code: 'source-endless', disposition: 'defer' });
    expect(source.asked).toHaveLength(100);
  });

  it('for a scraper that nobody knows is rejected', async () => {
    await expect(scrape(request({ scraper: 'nothing' }), context())).rejects.toMatchObject({ code: 'scraper-unknown', disposition: 'reject' });
  });
});

describe('a source that is away', () => {
  const away = (): HttpSource => ({ fetch: (asked) => { source.asked.push(asked); return Promise.reject(new PipelineError({ code: 'source-unavailable', disposition: 'retry', message: 'no answer' })); } });
  const attempt = (number: number, over: Partial<ScrapeRequested> = {}) => scrape(request({ requestId: `request-${number}`, ...over }), context({ sources: away() }));

  it('is asked by five scrapes, whichever they are, and by none for 300 seconds after; each leaves its row', async () => {
    for (const number of [1, 2, 3, 4]) await expect(attempt(number)).rejects.toMatchObject({ code: 'source-unavailable' });
    await expect(attempt(5, { scraper: 'bdl_player_box_scores' })).rejects.toMatchObject({ code: 'source-unavailable' });
    await expect(attempt(6)).rejects.toMatchObject({ code: 'breaker-open', disposition: 'defer', until: after(clock.now(), seconds(300)), facts: { kind: 'service', subject: 'balldontlie' } });
    expect(source.asked).toHaveLength(5);
    expect((await logged()).map((row) => row.error_code)).toEqual([...Array.from({ length: 5 }, () => 'source-unavailable'), 'breaker-open']);
  });

  it('does not concern another source, and is tried when its time has come', async () => {
    for (const number of [1, 2, 3, 4, 5]) await expect(attempt(number)).rejects.toMatchObject({ code: 'source-unavailable' });
    source.answers = [{ json: { data: [] } }, { json: injuries }];
    expect(await scrape(request({ requestId: 'other', scraper: 'prizepicks_lines' }), context())).toMatchObject({ outcome: 'no_data' });
    clock.advance(seconds(300));
    expect(await scrape(request({ requestId: 'request-6' }), context())).toMatchObject({ outcome: 'success' });
    expect((await system.notifier.incidents()).filter(({ cause }) => cause === 'breaker-open').map(({ subject, resolvedAt }) => [subject, resolvedAt])).toEqual([['service balldontlie', clock.now()]]);
  });
});

describe('endpoints', () => {
  const dates = { gameDate: gameDate('2026-01-24'), untilDate: gameDate('2026-01-25') };

  it.each(scrapers.filter((scraper) => isScraperEnabled(scraper, '2026-01-24')))('$name, which is asked, has one', ({ name }) => {
    expect(endpointOf(name, dates, 'event').path).toMatch(/^\//);
  });

  it('a scraper without one says where to add it', () => {
    expect(() => endpointOf('espn_roster', dates)).toThrow(/endpoints\.ts/);
  });
});

describe('a log that the warehouse refuses', () => {
  const full = () => guarded(system.ports.warehouse, ['merge'], () => { throw new PipelineError({ code: 'warehouse-quota-exceeded', disposition: 'defer', message: 'used up' }); });

  it('stops no scrape: its files are stored and announced, its row comes later', async () => {
    source.answers = [{ json: injuries }];
    expect(await scrape(request(), context({ warehouse: full() }))).toMatchObject({ outcome: 'success' });
    expect(await announced()).toHaveLength(1);
    expect(await logged()).toEqual([]);
    await writeLateLogRows(system.ports, silentLog, 500);
    expect(await logged()).toMatchObject([{ execution_id: 'request-1', status: 'success' }]);
  });

  it('does not hide why a scrape failed, and its later success stands', async () => {
    source.answers = [];
    await expect(scrape(request(), context({ warehouse: full() }))).rejects.not.toMatchObject({ code: 'warehouse-quota-exceeded' });
    source.answers = [{ json: injuries }];
    clock.advance(minutes(5));
    await scrape(request(), context());
    await writeLateLogRows(system.ports, silentLog, 500);
    expect(await logged()).toMatchObject([{ execution_id: 'request-1', status: 'success' }]);
  });
});
