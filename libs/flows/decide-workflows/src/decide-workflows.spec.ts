import { workflows } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { elapsed, hours, minutes, parseInstant, PipelineError, type ScrapeRequested, type WorkflowDecisionRow } from '@handoff/contracts';
import { writeLateLogRows, writeLogRows } from '@handoff/log-rows';
import { publishPending } from '@handoff/outbox';
import { guarded, type Delivery, type FlowContext, type MergeRequest, type Ports } from '@handoff/ports';
import { aBoxScore, aGame, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideAlone, decideWorkflows } from './decide-workflows.ts';

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;

beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-24T11:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
});
afterEach(() => system.close());

const context = (over: Partial<Ports> = {}): FlowContext => ({ ports: { ...system.ports, ...over }, log: silentLog, correlationId: 'spec' });
const decide = (over?: Partial<Ports>) => decideWorkflows('nba', context(over));
async function requests(): Promise<readonly ScrapeRequested[]> {
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries.map(({ message }) => message.payload as unknown as ScrapeRequested);
}
const rows = () => system.ports.warehouse.query<WorkflowDecisionRow>({ name: 'spec/decisions', text: 'SELECT decided.decision_id, decided.workflow_name, decided.action, decided.reason, decided.decision_time FROM `nba_orchestration.workflow_decisions` AS decided ORDER BY decided.decision_id' });
const open = async () => (await system.notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).map(({ cause, subject }) => `${cause} ${subject}`);
const knowSchedule = () => system.ports.warehouse.merge({
  table: 'nba_orchestration.scraper_execution_log',
  rows: [{ execution_id: 'schedule', scraper_name: 'nbac_schedule_api', workflow: 'backfill', game_date: '2026-01-24', status: 'success', triggered_at: clock.now(), completed_at: clock.now(), duration_seconds: 0, source: 'NBA.com', object_paths: [], record_count: 1, data_summary: {}, error_code: null, error_message: null }],
});
const runOf = ({ requestId, scraper, workflow, gameDate }: ScrapeRequested) => ({ execution_id: requestId, scraper_name: scraper, workflow, game_date: gameDate, status: 'success', triggered_at: clock.now(), completed_at: clock.now(), duration_seconds: 0, source: 'NBA.com', object_paths: [], record_count: 1, data_summary: {}, error_code: null, error_message: null });
const schedule = (tip: string, over = {}) => system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(aGame({ game_date: '2026-01-24', tip_at: parseInstant(tip), game_status: 1, home_team_score: null, away_team_score: null, ...over }))] });

it('decides all sixteen once an hour, however often it is called in it', async () => {
  await decide();
  const [first, asked] = [await rows(), await requests()];
  clock.advance(minutes(20));
  expect(await decide()).toMatchObject({ outcome: 'decided' });
  expect(first).toHaveLength(workflows.length);
  expect(await rows()).toEqual(first);
  expect(await requests()).toEqual([]);
  expect(asked.length).toBeGreaterThan(0);
  clock.advance(minutes(40));
  await decide();
  expect(await rows()).toHaveLength(2 * workflows.length);
});

it('two instances at once write the same decisions and ask once', async () => {
  await Promise.all([decide(), decide(), decide()]);
  const asked = await requests();
  expect(new Set(asked.map(({ requestId }) => requestId)).size).toBe(asked.length);
  expect(await rows()).toHaveLength(workflows.length);
});

it('a crash between the batch and the publish loses no request and decides nothing anew', async () => {
  await expect(decide({ bus: { publish: () => Promise.reject(new Error('killed')) } })).rejects.toThrow('killed');
  expect(await requests()).toEqual([]);
  await decide();
  expect(await requests()).toEqual([]);
  await publishPending(system.ports, 500);
  expect((await requests()).map(({ scraper }) => scraper)).toContain('nbac_schedule_api');
});

it('what cannot be read is an error, never an empty success', async () => {
  await expect(decide({ warehouse: { ...system.ports.warehouse, query: () => Promise.reject(new Error('no warehouse')) } })).rejects.toThrow('no warehouse');
  expect(await rows()).toEqual([]);
  expect(await requests()).toEqual([]);
});

it('a rule that fails aborts its workflow alone, so that people are told and the others are decided', () => {
  const facts = { now: clock.now(), slates: new Map(), isScheduleKnown: true, collected: new Set<never>(), runs: [] };
  const logged: string[] = [];
  const broken = { ...workflows[0], rule: { kind: 'daily-as-it-never-was' } } as never;
  expect(decideAlone(broken, facts, { ...silentLog, error: (_, message) => { logged.push(message); } })).toMatchObject({ workflow: 'morning_operations', action: 'ABORT', reason: 'rule-failed', alertLevel: 'CRITICAL', scrapers: [] });
  expect(logged).toEqual(['a workflow could not be decided']);
  expect(decideAlone(workflows[0], facts, silentLog)).toMatchObject({ action: 'RUN' });
});

describe('a table of box scores that refuses us', () => {
  const table = 'nba_raw.espn_boxscores';
  let isRefusing = true;
  const refusing = () => guarded(system.ports.warehouse, ['query'], (_, [statement]) => {
    if (isRefusing && (statement as { readonly name: string }).name === 'read-models/collected-games') throw new PipelineError({ code: 'warehouse-permission-denied', disposition: 'defer', message: 'no', facts: { table } });
  });

  it('stops no decision: windows ask for what is over, catch-ups are aborted, and people hear of the table until it answers', async () => {
    isRefusing = true;
    await knowSchedule();
    await schedule('2026-01-24T00:00:00Z', { game_date: '2026-01-23' });
    expect(await decide({ warehouse: refusing() })).toMatchObject({ outcome: 'decided' });
    expect((await rows()).filter(({ workflow_name: name }) => name === 'morning_recovery')).toMatchObject([{ action: 'RUN', reason: 'collection-not-known' }]);
    expect(await open()).toEqual([`platform-fault warehouse ${table}`]);
    clock.advance(hours(4));
    await knowSchedule();
    await decide({ warehouse: refusing() });
    expect(await open()).toEqual([`platform-fault warehouse ${table}`, 'workflow-aborted bdl_catchup_midday']);
    clock.advance(hours(1));
    isRefusing = false;
    await decide({ warehouse: refusing() });
    expect(await open()).toEqual([]);
  });
});

describe('alerts', () => {
  it('without a schedule for two days every workflow that rests on one is aborted, alerted, and resolved when it is known again', async () => {
    await decide();
    expect(await open()).toEqual(expect.arrayContaining(['workflow-aborted betting_lines', 'workflow-aborted injury_discovery']));
    expect(await open()).not.toContain('workflow-aborted referee_discovery');
    await knowSchedule();
    clock.advance(hours(1));
    await decide();
    expect(await open()).toEqual([]);
  });

  it('a game that every window of the night missed is alerted at 06:00, and resolved when its box score is there', async () => {
    clock.advance(hours(24));
    await knowSchedule();
    await schedule('2026-01-25T00:00:00Z');
    await decide();
    expect(await open()).toEqual(['games-not-collected 2026-01-24']);
    await system.ports.warehouse.merge({ table: 'nba_raw.nbac_player_boxscores', rows: [asLoaded(aBoxScore({ game_date: '2026-01-24' }))] });
    clock.advance(hours(1));
    await decide();
    expect(await open()).toEqual([]);
  });

  it('a discovery that has found nothing when the games begin is alerted as that, and resolved when it finds something', async () => {
    clock.advance(elapsed(clock.now(), parseInstant('2026-01-25T00:00:00Z')));
    await knowSchedule();
    await schedule('2026-01-24T23:30:00Z');
    const attempt = (id: string, status: string, at: string) => ({ execution_id: id, scraper_name: 'bdl_injuries', workflow: 'injury_discovery', game_date: '2026-01-24', status, triggered_at: parseInstant(at), completed_at: clock.now(), duration_seconds: 0, source: 'balldontlie', object_paths: [], record_count: 0, data_summary: {}, error_code: null, error_message: null });
    await system.ports.warehouse.merge({ table: 'nba_orchestration.scraper_execution_log', rows: [attempt('first', 'failed', '2026-01-24T23:00:00Z')] });
    await decide();
    expect(await open()).toContain('discovery-exhausted injury_discovery 2026-01-24');
    await system.ports.warehouse.merge({ table: 'nba_orchestration.scraper_execution_log', rows: [attempt('second', 'success', '2026-01-25T00:05:00Z')] });
    clock.advance(hours(1));
    await decide();
    expect(await open()).not.toContain('discovery-exhausted injury_discovery 2026-01-24');
  });

  it('a discovery that used up its attempts is alerted as that', async () => {
    clock.advance(hours(12));
    await knowSchedule();
    await schedule('2026-01-25T03:00:00Z');
    const attempt = (index: number) => ({ execution_id: `attempt-${index}`, scraper_name: 'bdl_injuries', workflow: 'injury_discovery', game_date: '2026-01-24', status: 'no_data', triggered_at: parseInstant('2026-01-24T12:00:00Z'), completed_at: clock.now(), duration_seconds: 0, source: 'balldontlie', object_paths: [], record_count: 0, data_summary: {}, error_code: null, error_message: null });
    await system.ports.warehouse.merge({ table: 'nba_orchestration.scraper_execution_log', rows: Array.from({ length: 12 }, (_, index) => attempt(index)) });
    await decide();
    expect(await open()).toEqual(['discovery-exhausted injury_discovery 2026-01-24']);
  });
});

describe('a log that the warehouse refuses', () => {
  const logs = ['nba_orchestration.workflow_decisions', 'nba_orchestration.scraper_execution_log'];
  const refusingLogs = () => guarded(system.ports.warehouse, ['merge'], (_, [request]) => {
    if (logs.includes((request as MergeRequest).table)) throw new PipelineError({ code: 'warehouse-quota-exceeded', disposition: 'defer', message: 'used up' });
  });

  it('stops no decision: its scrapes are requested, and its rows are written by a later sweep', async () => {
    await knowSchedule();
    await schedule('2026-01-25T00:00:00Z');
    expect(await decide({ warehouse: refusingLogs() })).toMatchObject({ outcome: 'decided' });
    expect((await requests()).length).toBeGreaterThan(0);
    expect(await rows()).toEqual([]);
    expect(await writeLateLogRows(system.ports, silentLog, 500)).toEqual({ written: workflows.length, lost: 0 });
    expect(await rows()).toHaveLength(workflows.length);
  });

  it('makes nothing be asked for again: runs are read from where their rows wait, in the next hour and while they are written', async () => {
    await knowSchedule();
    await schedule('2026-01-25T00:00:00Z');
    await decide();
    const asked = await requests();
    const ran = asked.filter(({ workflow }) => workflow === 'morning_operations');
    expect(ran.length).toBeGreaterThan(0);
    for (const request of ran) await writeLogRows({ ...system.ports, warehouse: refusingLogs() }, silentLog, { table: 'nba_orchestration.scraper_execution_log', rows: [runOf(request)] });
    clock.advance(hours(1));
    await decide();
    expect((await requests()).filter(({ workflow }) => workflow === 'morning_operations')).toEqual([]);
    await writeLateLogRows(system.ports, silentLog, 500);
    clock.advance(hours(1));
    await decide();
    expect((await requests()).filter(({ workflow }) => workflow === 'morning_operations')).toEqual([]);
  });
});
