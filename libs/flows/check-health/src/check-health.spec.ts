import { workflows } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { after, before, gameDate, hours, minutes, OfficialGameId, parseInstant, PhaseTriggered, PipelineError, type EpochMs } from '@handoff/contracts';
import { evaluationRef, expectedDecisionsRef } from '@handoff/decision-state';
import { claimRef, handoffRef, releasesOf, workKeyOf, type HandoffDocument } from '@handoff/handoff-state';
import { loadPhaseHealth, loadWorkflowHealth } from '@handoff/pipeline-health';
import { guarded, type Delivery, type FlowContext } from '@handoff/ports';
import { projectSlates } from '@handoff/read-models';
import { noteFailedWork, retryQueue, type RetryDocument } from '@handoff/retry-queue';
import { aGame, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerWorkflows, WorkflowQuestion } from './answer-workflows.ts';
import { checkPhases, checkWorkflows } from './check-health.ts';

const date = gameDate('2026-01-24');
/** 09:00 ET on the day of the slate. */
const morning = parseInstant('2026-01-24T14:00:00Z');

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(morning);
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
});
afterEach(() => system.close());

const context = (): FlowContext => ({ ports: system.ports, log: silentLog, correlationId: 'spec' });
const decideAt = (at: EpochMs) => system.ports.state.create(evaluationRef('nba', at), { decidedAt: at, collected: [], decisions: workflows.map(({ name }) => ({ workflow: name, action: 'RUN', reason: 'spec' })) });
const decideUntil = async (from: EpochMs, until: EpochMs) => { for (let at = from; at <= until; at = after(at, hours(1))) await decideAt(at); };
async function schedule(): Promise<void> {
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(aGame({ game_date: date, game_status: 1, tip_at: parseInstant('2026-01-25T00:00:00Z') }))] });
  await projectSlates(system.ports, date);
}
const open = async () => (await system.notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).map(({ cause, subject, severity }) => `${cause} ${subject} ${severity}`).toSorted();

const key = { sport: 'nba', gameDate: date, flow: 'pregame', phase: 'phase3' } as const;
async function release(over: Partial<HandoffDocument> = {}, of: typeof key | { readonly sport: 'nba'; readonly gameDate: typeof date; readonly flow: 'pregame'; readonly phase: 'phase6-publish' } = key): Promise<void> {
  const now = clock.now();
  const judged: HandoffDocument = { sport: 'nba', gameDate: date, flow: 'pregame', from: of.phase === 'phase3' ? 'phase2' : 'phase5', to: of.phase, verdict: 'release', coverage: 1, coverageMin: 0.8, reasons: [], until: null, revision: 1, decidedAt: now, ...over };
  const run = { gameDate: date, revision: 1, releaseId: `${of.phase}-r1`, games: [], isDegraded: false, missing: [], upgrades: false, sourceVersionAt: now };
  await system.ports.state.batch([{ kind: 'set', ref: handoffRef(of), value: judged }]);
  await system.ports.state.create({ collection: releasesOf(of), id: 'r0001' }, { run, triggerId: run.releaseId, purpose: 'live', consumed: {}, verdict: 'release', coverage: 1, reasons: [], releasedAt: now, messageId: 'm1' });
}
const claim = (status: string) => system.ports.state.batch([{ kind: 'set', ref: claimRef('phase3-analytics', workKeyOf('phase3-trigger', 'phase3-r1')), value: { status, holder: 'one', leaseUntil: clock.now(), fencing: 1 } }]);

it('who asks is answered with what each check saw, and nobody is told', async () => {
  await decideUntil(parseInstant('2026-01-24T08:00:00Z'), morning);
  clock.advance(minutes(66));
  const ask = (parameters: unknown) => answerWorkflows('nba', WorkflowQuestion.parse(parameters), system.ports);
  expect(await ask({ hours: '4', thresholdMinutes: '60' })).toMatchObject({ schema: 'handoff.workflow-health/1', severity: 'critical', checks: expect.arrayContaining([expect.objectContaining({ check: 'decision-gap', severity: 'critical', evidence: expect.objectContaining({ openGapMinutes: 66 }) as unknown })]) as unknown });
  expect(await ask({})).toMatchObject({ severity: 'ok' });
  expect(await open()).toEqual([]);
  for (const refused of [{ hours: 0 }, { hours: 337 }, { hours: '1.5' }, { thresholdMinutes: 1441 }, { days: 1 }]) expect(WorkflowQuestion.safeParse(refused).success).toBe(false);
});

describe('a hand-off of several revisions', () => {
  const [first, second] = ['0022500601', '0022500602'].map((id) => OfficialGameId.parse(id)) as [OfficialGameId, OfficialGameId];
  /** Each revision: its games, and what has become of it. */
  const handOver = async (revisions: readonly (readonly [games: readonly OfficialGameId[], claimed?: 'done' | 'running' | 'rejected'])[]): Promise<readonly string[]> => {
    await decideUntil(parseInstant('2026-01-24T08:00:00Z'), morning);
    await schedule();
    await release({ revision: revisions.length });
    await system.ports.state.batch([{ kind: 'delete', ref: { collection: releasesOf(key), id: 'r0001' } }]);
    for (const [index, [games, claimed]] of revisions.entries()) {
      const run = { gameDate: date, revision: index + 1, releaseId: `phase3-r${index + 1}`, games, isDegraded: false, missing: [], upgrades: false, sourceVersionAt: clock.now() };
      await system.ports.state.create({ collection: releasesOf(key), id: `r000${index + 1}` }, { run, triggerId: run.releaseId, purpose: 'live', consumed: {}, verdict: 'release', coverage: 1, reasons: [], releasedAt: clock.now(), messageId: 'm1' });
      if (claimed !== undefined) await system.ports.state.create(claimRef('phase3-analytics', workKeyOf('phase3-trigger', run.releaseId)), { status: claimed, holder: 'one', leaseUntil: clock.now(), fencing: 1 });
    }
    clock.advance(minutes(31));
    return (await loadPhaseHealth(system.ports, 'nba')).checks.flatMap(({ name, evidence }) => (name === 'transition-delay' ? (evidence['runs'] as readonly string[]).map((run) => run.split(' ')[0] ?? '') : []));
  };

  it.each<readonly [what: string, revisions: Parameters<typeof handOver>[0], lost: readonly string[]]>([
    ['a lost one of another game stays lost', [[[first]], [[second], 'done']], ['phase3-r1']],
    ['a lost one is made up for by a later one of the same game', [[[first]], [[first, second], 'done']], []],
    ['and by later ones together', [[[first, second]], [[first], 'done'], [[second], 'running']], []],
    ['but not by a part of them', [[[first, second]], [[first], 'done']], ['phase3-r1']],
    ['nor by one that is lost itself', [[[first]], [[first]]], ['phase3-r2', 'phase3-r1']],
    ['nor by an earlier one', [[[first], 'done'], [[first]]], ['phase3-r2']],
    ['all were taken', [[[first], 'done'], [[second], 'done'], [[first], 'rejected']], []],
  ])('%s', async (_, revisions, lost) => { expect(await handOver(revisions)).toEqual(lost); });
});

describe('a release that nobody has taken up', () => {
  const lost = async (): Promise<readonly Delivery['message'][]> => {
    const messages: Delivery['message'][] = [];
    await checkPhases('nba', context());
    while (await system.bus.deliverNext((delivery) => { if (delivery.subscription === 'phase3-trigger--phase3-analytics') messages.push(delivery.message); return Promise.resolve('ack'); }));
    return messages;
  };

  it('is sent again under its own key, with the run that it started', async () => {
    await decideUntil(parseInstant('2026-01-24T08:00:00Z'), morning);
    await schedule();
    await release();
    clock.advance(minutes(14));
    expect(await lost()).toEqual([]);
    clock.advance(minutes(1));
    const [message] = await lost();
    expect(message).toMatchObject({ key: 'phase3-r1' });
    expect(PhaseTriggered.parse(message?.payload)).toMatchObject({ triggerId: 'phase3-r1', phase: 'phase3', flow: 'pregame', purpose: 'live', runs: [{ releaseId: 'phase3-r1' }] });
    await claim('running');
    clock.advance(minutes(15));
    expect(await lost()).toEqual([]);
  });

  it.each<readonly [what: string, over: object, sent: readonly object[]]>([
    ['for a repair is sent again as a repair', { purpose: 'repair' }, [{ purpose: 'repair' }]],
    ['that went out with others is not: its message cannot be made from it alone', { triggerId: 'bundle_1' }, []],
    ['that the outbox has still is not', { messageId: null }, []],
  ])('%s', async (_, over, sent) => {
    await decideUntil(parseInstant('2026-01-24T08:00:00Z'), morning);
    await schedule();
    await release();
    const ref = { collection: releasesOf(key), id: 'r0001' };
    await system.ports.state.batch([{ kind: 'set', ref, value: { ...(await system.ports.state.get(ref))!.value, ...over } }]);
    clock.advance(minutes(15));
    expect((await lost()).map(({ payload }) => payload)).toMatchObject(sent);
  });

  it('that went out with others, and was taken up with them, is not waited for', async () => {
    await decideUntil(parseInstant('2026-01-24T08:00:00Z'), morning);
    await schedule();
    await release();
    const ref = { collection: releasesOf(key), id: 'r0001' };
    await system.ports.state.batch([{ kind: 'set', ref, value: { ...(await system.ports.state.get(ref))!.value, triggerId: 'bundle_1' } }]);
    await system.ports.state.create(claimRef('phase3-analytics', workKeyOf('phase3-trigger', 'bundle_1')), { status: 'done', holder: 'one', leaseUntil: clock.now(), fencing: 1 });
    clock.advance(minutes(61));
    await checkPhases('nba', context());
    expect((await open()).filter((one) => one.includes('transition-delay'))).toEqual([]);
  });
});

describe('the pipeline at rest', () => {
  it('is well: nothing is told, whatever the hour', async () => {
    await decideUntil(parseInstant('2026-01-24T00:00:00Z'), morning);
    expect(await checkWorkflows('nba', context())).toEqual({ outcome: 'healthy', facts: { severity: 'ok', 'decision-gap': 'ok', 'phase-transitions': 'ok', 'processor-completion': 'ok', 'failed-queue': 'ok', 'decision-frequency': 'ok', 'phase-timing': 'ok', 'decision-pattern': 'ok' } });
    expect(await checkPhases('nba', context())).toEqual({ outcome: 'healthy', facts: { severity: 'ok', 'decision-gap': 'ok', 'transition-delay': 'ok', 'stuck-runs': 'ok', completeness: 'ok', 'predictions-late': 'ok' } });
    expect(await open()).toEqual([]);
  });
});

describe('a standstill of the controller', () => {
  it('is told by both, gets worse, and is resolved by the next decision', async () => {
    await decideUntil(parseInstant('2026-01-24T08:00:00Z'), morning);
    clock.advance(minutes(66));
    await checkWorkflows('nba', context());
    await checkPhases('nba', context());
    expect(await open()).toEqual(['phase-unhealthy decision-gap warning', 'workflow-unhealthy decision-gap critical']);
    clock.advance(minutes(60));
    await checkPhases('nba', context());
    expect(await open()).toEqual(['phase-unhealthy decision-gap critical', 'workflow-unhealthy decision-gap critical']);
    await decideAt(clock.now());
    await checkPhases('nba', context());
    expect(await open()).toEqual(['workflow-unhealthy decision-gap critical']);
    // The closed gap of 126 minutes is told by the next look alone; who asks is told of it for as long as they look back.
    clock.advance(minutes(30));
    await checkWorkflows('nba', context());
    expect(await open()).toEqual(['workflow-unhealthy decision-gap critical']);
    clock.advance(minutes(30));
    await decideAt(clock.now());
    await checkWorkflows('nba', context());
    expect(await open()).toEqual([]);
    const review = await loadWorkflowHealth(system.ports, { sport: 'nba', lookBackHours: 4, gapThreshold: minutes(60), isReview: true });
    expect(review.checks[0]).toMatchObject({ name: 'decision-gap', severity: 'critical', evidence: { longestClosedGapMinutes: 126 } });
  });

  it('on account of a state store that refuses us is read from the log, with the error as its suspected cause', async () => {
    await system.ports.warehouse.merge({ table: 'nba_orchestration.workflow_decisions', rows: [{ decision_id: 'd1', decision_time: parseInstant('2026-01-23T04:20:00Z'), workflow_name: 'betting_lines', action: 'RUN', reason: 'spec', context: {}, scrapers_triggered: [], target_games: [], next_check_time: null, priority: 'HIGH', alert_level: 'NONE', triggered_by: 'schedule' }] });
    await schedule();
    const state = guarded(system.ports.state, ['get', 'query'], () => { throw new PipelineError({ code: 'state-permission-denied', disposition: 'defer', message: 'no' }); });
    const report = await loadWorkflowHealth({ ...system.ports, state }, { sport: 'nba', lookBackHours: 4, gapThreshold: minutes(60), isReview: false });
    expect(report.checks.map(({ name }) => name)).toEqual(['decision-gap', 'processor-completion', 'decision-frequency', 'phase-timing']);
    expect(report.checks[0]).toMatchObject({ name: 'decision-gap', severity: 'critical', evidence: { lastDecisionAt: '2026-01-23T04:20:00.000Z', suspectedCause: 'state-permission-denied: no' } });
  });
});

describe('a date that was loaded as history', () => {
  it('is not judged: nobody hands on what it stops at', async () => {
    await decideUntil(parseInstant('2026-01-25T13:00:00Z'), parseInstant('2026-01-26T02:00:00Z'));
    clock.advance(hours(36));
    await schedule();
    await release({ verdict: 'release-degraded', coverage: 0.5 });
    clock.advance(minutes(1));
    await checkWorkflows('nba', context());
    await checkPhases('nba', context());
    expect(await open()).toEqual([]);
  });
});

describe('workflow-health', () => {
  beforeEach(() => decideUntil(parseInstant('2026-01-24T00:00:00Z'), parseInstant('2026-01-25T12:00:00Z')));

  it('tells of hand-offs that are due and not released, and is silent about a date without games', async () => {
    clock.advance(hours(5));
    await checkWorkflows('nba', context());
    expect(await open()).toEqual([]);
    await schedule();
    await checkWorkflows('nba', context());
    expect(await open()).toEqual(['workflow-unhealthy phase-transitions warning']);
  });

  const refuse = () => noteFailedWork(system.ports, { work: { workKey: 'w', kind: 'raw', phase: 'phase2', processorName: 'phase2-raw', gameDate: date, correlationId: 'c', inputHash: 'h', redo: { topic: 'phase1-scrapers-complete', payload: {}, messageKey: 'm' }, awaits: null }, failure: { type: 'transient', code: 'warehouse-unavailable', message: 'no' } });

  it('does not tell again of work that was given up and is tried late: people know of it', async () => {
    await refuse();
    const [kept] = await system.ports.state.query<RetryDocument>({ collection: retryQueue });
    const { value } = kept!;
    await system.ports.state.batch([{ kind: 'set', ref: kept!.ref, value: { ...value, item: { ...value.item, retriesMax: value.item.policy.attemptsMax + 1 } } }]);
    clock.advance(minutes(241));
    await checkWorkflows('nba', context());
    expect(await open()).toEqual([]);
  });

  it('tells of work that has waited for hours to be tried again', async () => {
    await refuse();
    await checkWorkflows('nba', context());
    expect(await open()).toEqual([]);
    clock.advance(minutes(241));
    await checkWorkflows('nba', context());
    expect(await open()).toEqual(['workflow-unhealthy failed-queue error']);
  });

  it('tells of runs that fail, and of those that take more than twice their time', async () => {
    const event = (id: number, over: object) => ({ event_id: `e${id}`, event_type: 'processor-run', occurred_at: morning, run_id: `r${id}`, function_name: 'phase3-analytics', name: 'nba_analytics.player_game_summary', phase: 'phase3', flow: 'postgame', game_date: date, revision: 1, status: 'failed', outcome: 'failed', started_at: morning, duration_seconds: 1, attempt: 1, games_processed: 1, rows_written: 0, trigger_source: 'message', trigger_key: 'k', correlation_id: 'c', error_code: null, error_message: null, metadata: {}, ...over });
    const write = (...rows: readonly object[]) => system.ports.warehouse.merge({ table: 'nba_orchestration.pipeline_event_log', rows: rows as never });
    await write(...Array.from({ length: 6 }, (_, id) => event(id, {})), event(8, { status: 'complete' }), event(9, { event_type: 'phase-run', status: 'complete', started_at: morning - 3 * 3_600_000 }));
    await checkWorkflows('nba', context());
    expect(await open()).toEqual(['workflow-unhealthy phase-timing warning', 'workflow-unhealthy processor-completion warning']);
    await write(...Array.from({ length: 5 }, (_, id) => event(20 + id, { name: 'nba_analytics.team_defense' })));
    await checkWorkflows('nba', context());
    expect(await open()).toEqual(['workflow-unhealthy phase-timing warning', 'workflow-unhealthy processor-completion error']);
  });
});

describe('a night in which all is skipped', () => {
  const skipAt = (at: EpochMs, collected: readonly string[] = []) => system.ports.state.create(evaluationRef('nba', at), { decidedAt: at, collected, decisions: workflows.map(({ name }) => ({ workflow: name, action: 'SKIP', reason: 'outside-window' })) });
  /** 22:30 ET. */
  const closes = parseInstant('2026-01-25T03:30:00Z');
  const window = { workflow: 'post_game_window_1', gameDate: date, action: 'RUN', reason: 'final-games-not-collected', from: parseInstant('2026-01-25T02:30:00Z'), until: closes, orCollected: true };

  it('is told of when the first window of it has closed that was expected ahead, and over when its games are collected', async () => {
    await decideUntil(parseInstant('2026-01-24T00:00:00Z'), morning);
    await system.ports.state.create(expectedDecisionsRef('nba', date), { decisions: [window], plannedAt: morning });
    for (let at = after(morning, hours(1)); at <= closes; at = after(at, hours(1))) await skipAt(at);
    clock.moveTo(closes);
    await checkWorkflows('nba', context());
    expect(await open()).toEqual([]);
    clock.advance(minutes(29));
    await checkWorkflows('nba', context());
    expect(await open()).toEqual(['workflow-unhealthy decision-pattern error']);
    clock.advance(minutes(1));
    await skipAt(clock.now(), [date]);
    await checkWorkflows('nba', context());
    expect(await open()).toEqual([]);
  });

  it('is not seen in what was run long before the job looks back', async () => {
    await decideUntil(parseInstant('2026-01-24T00:00:00Z'), parseInstant('2026-01-24T20:00:00Z'));
    clock.moveTo(parseInstant('2026-01-24T20:30:00Z'));
    const atSix = { ...window, workflow: 'morning_operations', from: parseInstant('2026-01-24T11:00:00Z'), until: parseInstant('2026-01-24T15:00:00Z'), orCollected: false };
    await system.ports.state.create(expectedDecisionsRef('nba', date), { decisions: [atSix], plannedAt: morning });
    for (const hour of [12, 13, 14, 15, 16, 17, 18, 19, 20]) await system.ports.state.batch([{ kind: 'set', ref: evaluationRef('nba', parseInstant(`2026-01-24T${hour}:00:00Z`)), value: { decidedAt: parseInstant(`2026-01-24T${hour}:00:00Z`), collected: [], decisions: workflows.map(({ name }) => ({ workflow: name, action: 'SKIP', reason: 'done-today' })) } }]);
    await checkWorkflows('nba', context());
    expect(await open()).toEqual([]);
  });

  it('is not told of after noon of the next day, when its work is over', async () => {
    await system.ports.state.create(expectedDecisionsRef('nba', date), { decisions: [window], plannedAt: morning });
    const noon = parseInstant('2026-01-25T17:00:00Z');
    for (let at = closes; at <= noon; at = after(at, hours(1))) await skipAt(at);
    clock.moveTo(before(noon, minutes(1)));
    await checkWorkflows('nba', context());
    expect(await open()).toEqual(['workflow-unhealthy decision-pattern error']);
    clock.moveTo(noon);
    await checkWorkflows('nba', context());
    expect(await open()).toEqual([]);
    // Who looks back on the night is told all the same.
    const review = await loadWorkflowHealth(system.ports, { sport: 'nba', lookBackHours: 24, gapThreshold: minutes(120), isReview: true });
    expect(review.checks.find(({ name }) => name === 'decision-pattern')).toMatchObject({ severity: 'error', evidence: { notRun: [`post_game_window_1 of ${date}, until 2026-01-25T03:30:00.000Z`] } });
  });
});

describe('phase-monitor', () => {
  beforeEach(async () => {
    await decideUntil(parseInstant('2026-01-24T00:00:00Z'), parseInstant('2026-01-25T12:00:00Z'));
    await schedule();
  });

  it('tells of a release that nobody takes up, and of one that does not end', async () => {
    await release();
    await release({}, { ...key, phase: 'phase6-publish' });
    await system.ports.state.batch([{ kind: 'set', ref: claimRef('phase6-publish', workKeyOf('phase6-export-trigger', 'phase6-publish-r1')), value: { status: 'done', holder: 'one', leaseUntil: clock.now(), fencing: 1 } }]);
    clock.advance(minutes(31));
    await checkPhases('nba', context());
    expect(await open()).toEqual(['phase-unhealthy transition-delay warning']);
    await claim('running');
    await checkPhases('nba', context());
    expect(await open()).toEqual([]);
    clock.advance(minutes(210));
    await checkPhases('nba', context());
    expect(await open()).toEqual(['phase-unhealthy stuck-runs error']);
    await claim('done');
    await checkPhases('nba', context());
    expect(await open()).toEqual([]);
  });

  it('tells of a hand-off that went ahead with too little', async () => {
    await release({ verdict: 'release-degraded', coverage: 0.75 });
    await claim('done');
    await checkPhases('nba', context());
    expect(await open()).toEqual(['phase-unhealthy completeness error']);
  });

  it('tells of a slate without predictions at ten, until they are there', async () => {
    await checkPhases('nba', context());
    expect(await open()).toEqual([]);
    clock.advance(hours(1));
    await checkPhases('nba', context());
    expect(await open()).toEqual(['phase-unhealthy predictions-late critical']);
    await release({}, { ...key, phase: 'phase6-publish' });
    await checkPhases('nba', context());
    expect(await open()).toEqual([]);
  });
});
