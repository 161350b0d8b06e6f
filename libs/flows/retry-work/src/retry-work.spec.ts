import { missingGameRetryPolicy, retriesPerHourMax, retryPolicy } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { after, days, gameDate, hours, milliseconds, minutes, OfficialGameId, parseInstant, PipelineError, type ScraperExecutionRow } from '@handoff/contracts';
import { claimRef, type ClaimDocument } from '@handoff/handoff-state';
import { outboxWrite, publishPending } from '@handoff/outbox';
import type { Delivery, FlowContext, FlowReport } from '@handoff/ports';
import { projectSlates } from '@handoff/read-models';
import type { FailedWork, RetryItem } from '@handoff/retry';
import { noteFailedWork, retryQueue, type RetryDocument } from '@handoff/retry-queue';
import { aBoxScore, aGame, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retryWork } from './retry-work.ts';

const date = gameDate('2026-01-24');
const [first, second] = [OfficialGameId.parse('0022500645'), OfficialGameId.parse('0022500646')];
const table = 'nba_raw.bdl_player_boxscores';

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-25T11:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  await schedule(false);
});
afterEach(() => system.close());

async function schedule(isPostponed: boolean): Promise<void> {
  const rows = [first, second].map((game) => asLoaded(aGame({ game_date: date, game_id: game, tip_at: parseInstant('2026-01-25T00:00:00Z'), is_postponed: isPostponed && game === second })));
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows });
  await projectSlates(system.ports, date);
}
const boxScoresOf = (game: OfficialGameId, into = table) => system.ports.warehouse.merge({ table: into, rows: [asLoaded(aBoxScore({ game_date: date, nba_game_id: game, player_lookup: 'lukadoncic' }))] });

const missingGame = (game: string): FailedWork => ({
  workKey: `missing-game|${table}|${game}`, kind: 'scrape', phase: 'phase1', processorName: table, gameDate: date, correlationId: 'chain', inputHash: 'as planned',
  redo: { topic: 'scrape-requests', payload: { sport: 'nba', purpose: 'live', workflow: 'auto-retry', scraper: 'bdl_player_box_scores', gameDate: date, untilDate: date, requestedAt: clock.now() }, messageKey: null },
  awaits: { gameDate: date, outputs: [table], games: [game] },
});
const message = (key = 'files-1'): FailedWork => ({
  workKey: `phase2-raw|${key}`, kind: 'raw', phase: 'phase2', processorName: 'phase2-raw', gameDate: date, correlationId: 'chain', inputHash: key,
  redo: { topic: 'phase1-scrapers-complete', payload: { files: [] }, messageKey: key }, awaits: null,
});
const missing = (game: string) => noteFailedWork(system.ports, { work: missingGame(game), failure: { type: 'missing-game', code: 'no-rows-for-final-games', message: 'not there' }, policy: missingGameRetryPolicy });
const failed = (work: FailedWork) => noteFailedWork(system.ports, { work, failure: { type: 'transient', code: 'warehouse-unavailable', message: 'no answer' } });
const run = (): Promise<FlowReport> => {
  const context: FlowContext = { ports: system.ports, log: silentLog, correlationId: 'spec' };
  return retryWork(context);
};
const items = async (): Promise<readonly RetryItem[]> => (await system.ports.state.query<RetryDocument>({ collection: retryQueue })).map(({ value }) => value.item);
/** What the sweeper would publish now. */
async function sent(): Promise<readonly Delivery['message'][]> {
  await publishPending(system.ports, 1_000);
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries.map((delivery) => delivery.message);
}
const open = async () => (await system.notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).map(({ cause }) => cause);
const claimed = (status: ClaimDocument['status']) =>
  system.ports.state.create(claimRef('phase2-raw', 'phase1-scrapers-complete-files-1'), { status, holder: 'one', leaseUntil: clock.now(), fencing: 1 } satisfies ClaimDocument);

describe('a missing game', () => {
  it('is asked for after 30 minutes, under a request of its own, and closed by its rows', async () => {
    await missing(first);
    clock.advance(minutes(29));
    expect(await run()).toMatchObject({ outcome: 'nothing-due', facts: { waiting: 1 } });
    clock.advance(minutes(1));
    expect(await run()).toMatchObject({ outcome: 'retried', facts: { tried: 1 } });
    const [request] = await sent();
    expect(request?.payload).toMatchObject({ scraper: 'bdl_player_box_scores', gameDate: date, requestId: request?.key });
    expect(await run()).toMatchObject({ facts: { waiting: 1 } });
    await boxScoresOf(first);
    expect(await run()).toMatchObject({ facts: { succeeded: 1 } });
    expect(await items()).toMatchObject([{ status: 'succeeded', retryCount: 1, resolution: 'the rows are there after 1 of 3 tries' }]);
  });

  it('that is not alone is asked for once with the others of its date', async () => {
    for (const game of [first, second]) await missing(game);
    clock.advance(minutes(30));
    expect(await run()).toMatchObject({ facts: { tried: 2 } });
    expect(await sent()).toHaveLength(1);
  });

  it('whose rows another source brought is closed without a try', async () => {
    await missing(first);
    await boxScoresOf(first, 'nba_raw.nbac_player_boxscores');
    expect(await run()).toMatchObject({ facts: { succeeded: 1, tried: 0 } });
  });

  it('that never comes is asked for three times, told once, and not again when it is still missing', async () => {
    await missing(first);
    let requests = 0;
    for (let quarter = 0; quarter < 48; quarter += 1) {
      clock.advance(minutes(15));
      await run();
      const asked = await sent();
      requests += asked.length;
      if (asked.length > 0) await missing(first);
    }
    expect([requests, await open()]).toEqual([3, ['retries-exhausted']]);
    expect(await items()).toMatchObject([{ status: 'failed_permanent', retryCount: 3 }]);
    await missing(first);
    clock.advance(hours(24));
    expect(await run()).toMatchObject({ outcome: 'nothing-due' });
    await boxScoresOf(first);
    expect(await run()).toMatchObject({ facts: { succeeded: 1 } });
    expect([await open(), await items()]).toMatchObject([[], [{ status: 'succeeded', resolution: 'its work was done after it was given up' }]]);
  });

  it('that was given up and came is no longer told of, also where the first look at it is cut off', async () => {
    await missing(first);
    for (let quarter = 0; quarter < 48; quarter += 1) {
      clock.advance(minutes(15));
      await run();
    }
    expect(await open()).toEqual(['retries-exhausted']);
    await boxScoresOf(first);
    const dying: FlowContext['ports'] = { ...system.ports, notifier: { ...system.ports.notifier, resolve: () => Promise.reject(new Error('the process dies')) } };
    await expect(retryWork({ ports: dying, log: silentLog, correlationId: 'spec' })).rejects.toThrow('the process dies');
    await run();
    expect([await open(), await items()]).toMatchObject([[], [{ status: 'succeeded' }]]);
  });

  it('that was given up is forgotten after a week', async () => {
    await missing(first);
    clock.advance(minutes(30));
    for (let quarter = 0; quarter < 48; quarter += 1) {
      await run();
      clock.advance(minutes(15));
    }
    expect(await items()).toMatchObject([{ status: 'failed_permanent' }]);
    expect(await run()).toMatchObject({ facts: { waiting: 1 } });
    clock.advance(days(7));
    expect(await run()).toEqual({ outcome: 'nothing-due', facts: { promoted: 0 } });
  });

  it('that was postponed is not asked for at all', async () => {
    await missing(second);
    await schedule(true);
    clock.advance(minutes(30));
    expect(await run()).toMatchObject({ facts: { withdrawn: 1, tried: 0 } });
    expect([await sent(), await open()]).toEqual([[], []]);
  });
});

describe('a request of a source that was given up', () => {
  const request = (scraper: string): FailedWork => ({
    workKey: `phase1-scrape|${scraper}`, kind: 'scrape', phase: 'phase1', processorName: 'phase1-scrape', gameDate: date, correlationId: 'chain', inputHash: 'a',
    redo: { topic: 'scrape-requests', payload: { sport: 'nba', purpose: 'live', requestId: 'r', decisionId: 'd', workflow: 'post_game_window_1', scraper, gameDate: date, untilDate: date, requestedAt: clock.now() }, messageKey: 'r' },
    awaits: null,
  });
  async function givenUp(scraper: string): Promise<void> {
    await failed(request(scraper));
    for (let quarter = 0; quarter < 80; quarter += 1) {
      clock.advance(minutes(15));
      await run();
      await sent();
    }
    expect([await open(), await items()]).toMatchObject([['retries-exhausted'], [{ status: 'failed_permanent' }]]);
  }
  const asked = (over: Partial<ScraperExecutionRow>) => system.ports.warehouse.merge({
    table: 'nba_orchestration.scraper_execution_log',
    rows: [{ execution_id: 'later', scraper_name: 'nbac_schedule_api', workflow: 'w', game_date: date, status: 'success', triggered_at: clock.now(), completed_at: clock.now(), duration_seconds: 1, source: 'nba-com', object_paths: [], record_count: 0, data_summary: {}, error_code: null, error_message: null, ...over }],
  });

  it.each<readonly [what: string, answer: Partial<ScraperExecutionRow>, isOver: boolean]>([
    ['answered since', {}, true],
    ['answered since, with nothing in it', { status: 'no_data' }, true],
    ['asked since, and failed again', { status: 'failed' }, false],
    ['answered before it was given up', { triggered_at: parseInstant('2026-01-25T11:00:00Z') }, false],
    ['answered since about another date', { game_date: '2026-01-23' }, false],
    ['answered since about one game', { data_summary: { games: ['0022500645'] } }, false],
  ])('where the source has %s: %j', async (_what, answer, isOver) => {
    await givenUp('nbac_schedule_api');
    await asked(answer);
    await run();
    expect(await open()).toEqual(isOver ? [] : ['retries-exhausted']);
    expect(await items()).toMatchObject([isOver ? { status: 'succeeded', resolution: 'it is not needed any more' } : { status: 'failed_permanent' }]);
  });

  it('waits while later answers cannot be read, which holds up nothing that is to be tried', async () => {
    await givenUp('nbac_schedule_api');
    await asked({});
    await missing(first);
    clock.advance(minutes(30));
    const { warehouse } = system.ports;
    const query: typeof warehouse.query = (statement, parameters) => (statement.name === 'retry-work/later-answers' ? Promise.reject(new PipelineError({ code: 'warehouse-permission-denied', message: 'no' })) : warehouse.query(statement, parameters));
    const refusing = { ...system.ports, warehouse: { query } as typeof warehouse };
    expect(await retryWork({ ports: refusing, log: silentLog, correlationId: 'spec' })).toMatchObject({ facts: { tried: 1 } });
    expect(await open()).toEqual(['retries-exhausted']);
    await run();
    expect(await open()).toEqual([]);
  });

  it('is over too when every game that is played has its rows, whoever brought them: then nobody asks again', async () => {
    await givenUp('bdl_player_box_scores');
    await boxScoresOf(first, 'nba_raw.nbac_player_boxscores');
    await run();
    expect(await open()).toEqual(['retries-exhausted']);
    await boxScoresOf(second, 'nba_raw.nbac_player_boxscores');
    await run();
    expect(await open()).toEqual([]);
  });
});

describe('a message that failed', () => {
  it('is sent again as it was after 15 minutes, and closed when its function has done the work', async () => {
    await failed(message());
    clock.advance(minutes(15));
    await run();
    expect(await sent()).toMatchObject([{ key: 'files-1', payload: { files: [] }, redrive: expect.stringContaining('retry_') as string }]);
    await claimed('done');
    expect(await run()).toMatchObject({ facts: { succeeded: 1 } });
  });

  it('that its function refuses for good is not sent a second time', async () => {
    await failed(message());
    clock.advance(minutes(15));
    await run();
    await claimed('rejected');
    expect(await run()).toMatchObject({ facts: { failed: 1 } });
    expect(await items()).toMatchObject([{ status: 'failed_permanent' }]);
  });

  it('that was refused for good, and done after people sent it again, has succeeded', async () => {
    await noteFailedWork(system.ports, { work: message(), failure: { type: 'permanent', code: 'unknown-storage-path', message: 'no prefix' } });
    expect(await run()).toMatchObject({ outcome: 'nothing-due' });
    await claimed('done');
    expect(await run()).toMatchObject({ facts: { succeeded: 1 } });
    expect(await items()).toMatchObject([{ status: 'succeeded' }]);
  });

  it('of which nothing is heard has failed when the lease of its try ends', async () => {
    await failed(message());
    clock.advance(retryPolicy.firstDelayMs);
    await run();
    clock.advance(hours(2));
    expect(await run()).toMatchObject({ facts: { failed: 1 } });
    expect(await items()).toMatchObject([{ status: 'pending', retryCount: 1 }]);
  });
});

describe('a message that failed in passing and was given up', () => {
  const givenUp = async (work = message()) => {
    await failed(work);
    for (let tries = 0; tries < retryPolicy.attemptsMax; tries += 1) {
      clock.advance(hours(2));
      await run();
      await sent();
      await failed(work);
    }
    expect(await open()).toEqual(['retries-exhausted']);
  };

  it('and cannot come any more is no longer told of when it is withdrawn', async () => {
    await givenUp({ ...message(), awaits: { gameDate: date, outputs: [table], games: [second] } });
    clock.advance(hours(1));
    await run();
    await schedule(true);
    expect(await run()).toMatchObject({ facts: { withdrawn: 1 } });
    expect(await open()).toEqual([]);
  });

  it('is sent again an hour later, and no longer told of when its function has done the work', async () => {
    await givenUp();
    clock.advance(minutes(59));
    await run();
    expect(await sent()).toEqual([]);
    clock.advance(minutes(1));
    await run();
    expect(await sent()).toMatchObject([{ key: 'files-1' }]);
    await claimed('done');
    await run();
    expect([await open(), (await items())[0]?.status]).toEqual([[], 'succeeded']);
  });

  it('and is refused then is told of by the refusal alone', async () => {
    await givenUp();
    clock.advance(hours(1));
    await run();
    await noteFailedWork(system.ports, { work: message(), failure: { type: 'permanent', code: 'object-not-found', message: 'the file is gone' } });
    expect(await open()).toEqual([]);
  });

  it('and whose function says so only by its claim, too', async () => {
    await givenUp();
    clock.advance(hours(1));
    await run();
    await claimed('rejected');
    await run();
    expect([await open(), (await items())[0]?.status]).toEqual([[], 'failed_permanent']);
  });
});

it('no more is tried in an hour than its budget; the rest waits, and that is told', async () => {
  for (let index = 0; index < retriesPerHourMax + 5; index += 1) await failed(message(`files-${index}`));
  clock.advance(minutes(15));
  expect(await run()).toMatchObject({ facts: { tried: retriesPerHourMax, overBudget: 5 } });
  expect(await open()).toEqual(['retry-budget-exhausted']);
  clock.advance(hours(1));
  expect(await run()).toMatchObject({ facts: { tried: 5, overBudget: 0 } });
  expect(await open()).toEqual([]);
});

it('of more items than one run looks at, it looks at those that are due first, and the log says so', async () => {
  await failed(message('zzz'));
  clock.advance(minutes(10));
  for (let index = 0; index < 1_000; index += 1) await failed(message(`files-${index}`));
  clock.advance(minutes(5));
  const warned: unknown[] = [];
  const log: FlowContext['log'] = { ...silentLog, warn: (fields) => { warned.push(fields); } };
  expect(await retryWork({ ports: system.ports, log, correlationId: 'spec' })).toMatchObject({ facts: { tried: 1 } });
  expect(warned).toEqual([{ active: 1_000, givenUp: 0 }]);
});

it('a run asks once for the games of a date however long it takes over them', async () => {
  for (const game of [first, second]) await missing(game);
  clock.advance(minutes(30));
  const now = () => { clock.advance(milliseconds(1)); return clock.now(); };
  await retryWork({ ports: { ...system.ports, clock: { now } }, log: silentLog, correlationId: 'spec' });
  expect(await sent()).toHaveLength(1);
});

it('a try whose message waits in the outbox still, since its topic is missing, holds up no other', async () => {
  for (const key of ['files-1', 'files-2']) await failed(message(key));
  clock.advance(minutes(15));
  const unsent = { topic: 'phase1-scrapers-complete', message: { key: 'files-1', correlationId: 'chain', payload: {} } } as const;
  await system.ports.state.batch([outboxWrite(unsent, clock.now())]);
  expect(await run()).toMatchObject({ facts: { tried: 1, waiting: 1 } });
  expect((await items()).map(({ status }) => status).sort()).toEqual(['pending', 'retrying']);
});

it('what is given up is told before it is noted: a crash between the two tells it again', async () => {
  await failed({ ...message(), redo: { ...message().redo, messageKey: 'files-1' } });
  for (let quarter = 0; quarter < 80; quarter += 1) {
    clock.advance(minutes(15));
    const [item] = await items();
    if (item?.status === 'retrying' && item.retryCount === 3) break;
    await run();
    await sent();
  }
  clock.advance(hours(2));
  const notifier = { ...system.ports.notifier, alert: () => Promise.reject(new Error('killed')) } as unknown as FlowContext['ports']['notifier'];
  await expect(retryWork({ ports: { ...system.ports, notifier }, log: silentLog, correlationId: 'spec' })).rejects.toThrow('killed');
  expect(await items()).toMatchObject([{ status: 'retrying' }]);
  await run();
  expect([await open(), await items()]).toMatchObject([['retries-exhausted'], [{ status: 'failed_permanent' }]]);
});

it('a budget that was exhausted is no longer told of when nothing waits any more', async () => {
  await system.ports.notifier.alert({ cause: 'retry-budget-exhausted', subject: 'retry queue', severity: 'warning', title: 'spec', facts: {}, at: clock.now() });
  await run();
  expect(await open()).toEqual([]);
});

it('an item that two processors take up at once is sent once', async () => {
  await failed(message());
  clock.advance(minutes(15));
  await Promise.all([run(), run()]);
  expect(await sent()).toHaveLength(1);
  expect(await items()).toMatchObject([{ retryCount: 1, version: 2 }]);
});

it('a read that fails judges nothing', async () => {
  await missing(first);
  clock.advance(minutes(30));
  const unavailable = { ...system.ports.warehouse, query: () => Promise.reject(new Error('no answer')) } as unknown as FlowContext['ports']['warehouse'];
  await expect(retryWork({ ports: { ...system.ports, warehouse: unavailable }, log: silentLog, correlationId: 'spec' })).rejects.toThrow('no answer');
  expect(await items()).toMatchObject([{ status: 'pending', version: 1, dueAt: after(parseInstant('2026-01-25T11:00:00Z'), minutes(30)) }]);
});

describe('work that awaits rows of which some were lost', () => {
  const standIn = 'nba_raw.nbac_player_boxscores';
  const least = (output: string, count: number): FailedWork => ({ ...missingGame(first), awaits: { gameDate: date, outputs: [table], games: [first], least: { [`${output}|${first}`]: count } } });
  const status = async (work: FailedWork) => {
    await noteFailedWork(system.ports, { work, failure: { type: 'transient', code: 'output-missing', message: 'rows lost' } });
    await run();
    return (await items()).map((item) => item.status);
  };

  it('has succeeded with as many as there were, and with fewer it has not', async () => {
    await boxScoresOf(first);
    expect(await status(least(table, 2))).toEqual(['pending']);
    expect(await status({ ...least(table, 1), workKey: 'other' })).toEqual(expect.arrayContaining(['pending', 'succeeded']));
  });

  it('has not succeeded because of a source that stands in', async () => {
    await boxScoresOf(first, standIn);
    expect(await status(least(table, 1))).toEqual(['pending']);
  });

  it('has succeeded with rows of the source itself where a stand-in has lost some', async () => {
    await boxScoresOf(first, standIn);
    expect(await status(least(standIn, 2))).toEqual(['pending']);
    await boxScoresOf(first);
    await run();
    expect((await items()).map((item) => item.status)).toEqual(['succeeded']);
  });
});
