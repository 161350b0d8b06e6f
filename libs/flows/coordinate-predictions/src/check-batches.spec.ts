import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, hashOf, minutes, OfficialGameId, parseInstant, type OutputsCompleted, type PhaseTriggered, type PlayerAnswer, type PredictionRequested, type PredictionsReady } from '@handoff/contracts';
import { publishPending } from '@handoff/outbox';
import type { Delivery, FlowContext } from '@handoff/ports';
import { batchRef, beat, type BatchDocument } from '@handoff/prediction-batches';
import { anUpcomingPlayer, asMade, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBatches } from './check-batches.ts';
import { collectPredictions } from './collect-predictions.ts';
import { startBatch } from './start-batch.ts';

const date = gameDate('2026-01-24');
/** Nine games are two requests: eight and one. */
const games = Array.from({ length: 9 }, (_, index) => OfficialGameId.parse(`002250064${index}`));
const playersPerGame = 10;
const playersOf = (game: string) => Array.from({ length: playersPerGame }, (_, index) => `player${game.slice(-1)}${'abcdefghij'[index] ?? ''}`);

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
let trigger: PhaseTriggered;
beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-24T13:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  const rows = games.flatMap((game) => playersOf(game).map((player) => anUpcomingPlayer({ game_date: date, nba_game_id: game, game_id: `20260124_${game}`, player_lookup: player })));
  await system.ports.warehouse.merge({ table: 'nba_analytics.upcoming_player_game_context', rows: rows.map(asMade) });
  const run = { gameDate: date, revision: 1, releaseId: 'r1', games: [...games], isDegraded: false, missing: [], upgrades: false, sourceVersionAt: clock.now() };
  trigger = { sport: 'nba', purpose: 'live', triggerId: 'nba_2026-01-24_pregame_phase5_r1', phase: 'phase5', flow: 'pregame', runs: [run] };
});
afterEach(() => system.close());

const context = (): FlowContext => ({ ports: system.ports, log: silentLog, correlationId: 'spec' });
async function taken(subscription: string): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries.filter((delivery) => delivery.subscription === subscription);
}
const requests = async () => (await taken('prediction-requests--phase5-predict-worker')).map(({ message }) => ({ key: message.key, correlationId: message.correlationId, payload: message.payload as unknown as PredictionRequested }));
const announced = async () => (await taken('phase5-predictions-complete--phase5-to-phase6')).map(({ message }) => ({ key: message.key, scopes: (message.payload as unknown as OutputsCompleted).completions.map(({ scope }) => scope) }));
const answerOf = ({ games: asked, ...request }: PredictionRequested, failed: readonly string[] = []): PredictionsReady => ({
  ...request,
  completions: asked.map((game) => ({ gameDate: date, output: 'nba_predictions.player_prop_predictions', scope: game, contentHash: hashOf(`${game}${failed.length}`), rowCount: 30 - 3 * failed.length })),
  players: asked.flatMap((game) => playersOf(game).map((player): PlayerAnswer => (failed.includes(player) ? { game, player, state: 'failed', reason: 'a bug' } : { game, player, state: 'predicted' }))),
});
const collect = (answer: PredictionsReady) => collectPredictions(answer, context());
const check = () => checkBatches(context());
const batch = async () => (await system.ports.state.get<BatchDocument>(batchRef(trigger.triggerId)))?.value;
const incidents = async () => (await system.notifier.incidents()).map(({ cause, subject, resolvedAt, facts }) => ({ cause, subject, isOpen: resolvedAt === null, facts }));
async function started(): Promise<readonly [PredictionRequested, PredictionRequested]> {
  expect(await startBatch(trigger, context())).toMatchObject({ facts: { requests: 2, players: 90 } });
  const [first, second] = (await requests()).map(({ payload }) => payload);
  return [first!, second!];
}

it('no open batch, nothing to check', async () => {
  expect(await check()).toEqual({ outcome: 'nothing-due' });
  const asked = await started();
  for (const request of asked) await collect(answerOf(request));
  clock.advance(minutes(60));
  expect(await check()).toEqual({ outcome: 'nothing-due' });
});

describe('below 95 %', () => {
  it('the request that got no answer for ten minutes is sent again under a key of its own, in its batch’s chain, and told of; its answer ends the batch', async () => {
    const [first, second] = await started();
    await collect(answerOf(second));
    clock.advance(minutes(9));
    expect(await check()).toMatchObject({ outcome: 'nothing-due' });
    clock.advance(minutes(1));
    expect(await check()).toMatchObject({ outcome: 'checked', facts: { 'send-again': 1 } });
    expect(await requests()).toEqual([{ key: `${first.requestId}_again_2`, correlationId: 'spec', payload: { ...first, attempt: 2 } }]);
    expect(await incidents()).toMatchObject([{ cause: 'prediction-batch-stalled', subject: trigger.triggerId, isOpen: true, facts: { missingCount: 80, verdict: 'send-again' } }]);
    expect(await collect(answerOf({ ...first, attempt: 2 }))).toMatchObject({ outcome: 'batch-complete' });
    expect(await announced()).toEqual([{ key: `${trigger.triggerId}_complete`, scopes: games }]);
    expect(await incidents()).toMatchObject([{ isOpen: false }]);
  });

  it('a crash between the sending and its publish leaves it to the outbox, and the next check does not send it twice', async () => {
    const [first] = await started();
    clock.advance(minutes(10));
    const dying: FlowContext = { ...context(), ports: { ...system.ports, bus: { publish: () => Promise.reject(new Error('killed')) } } };
    await expect(checkBatches(dying)).rejects.toThrow('killed');
    expect(await check()).toMatchObject({ outcome: 'nothing-due' });
    await publishPending(system.ports, 100);
    expect((await requests()).map(({ key }) => key)).toEqual([`${first.requestId}_again_2`, expect.stringContaining('_1_again_2')]);
  });

  it('a worker that has begun and is silent is told of after 300 s, and taken for dead after 900 s', async () => {
    const [first, second] = await started();
    await collect(answerOf(second));
    await beat(system.ports, first, 'write');
    clock.advance(minutes(5));
    await check();
    expect(await incidents()).toMatchObject([{ cause: 'prediction-worker-silent', subject: first.requestId, isOpen: true, facts: { stage: 'write' } }]);
    clock.advance(minutes(9));
    await check();
    expect(await requests()).toEqual([]);
    clock.advance(minutes(1));
    await check();
    expect((await requests()).map(({ key }) => key)).toEqual([`${first.requestId}_again_2`]);
    await collect(answerOf({ ...first, attempt: 2 }));
    expect((await incidents()).map(({ isOpen }) => isOpen)).toEqual([false, false]);
  });

  it('after four sendings of which nothing came, its run has failed and nothing is announced', async () => {
    await started();
    const ended: unknown[] = [];
    for (let time = 0; time < 12; time += 1) {
      clock.advance(minutes(5));
      ended.push(...((await check()).ended ?? []));
    }
    expect(ended).toMatchObject([{ kind: 'phase-run', status: 'failed', rows: 0 }, { kind: 'processor-run', status: 'failed' }]);
    expect(await announced()).toEqual([]);
  });

  it('after four sendings what is there is announced, its run is degraded and names who is missing; the batch stays told of', async () => {
    const [, second] = await started();
    await collect(answerOf(second));
    const outcomes: unknown[] = [];
    const ended: unknown[] = [];
    for (let time = 0; time < 12; time += 1) {
      clock.advance(minutes(5));
      const report = await check();
      outcomes.push(report.facts);
      ended.push(...(report.ended ?? []));
    }
    expect((await requests()).map(({ payload }) => payload.attempt)).toEqual([2, 3, 4]);
    expect(outcomes.filter((facts) => (facts as { 'send-again'?: number } | undefined)?.['send-again'] === 1)).toHaveLength(3);
    expect(ended).toMatchObject([{ kind: 'phase-run', status: 'degraded', rows: 30, metadata: { missing: expect.arrayContaining([`${games[0]!}|player0a`]) as string[] } }, { kind: 'processor-run', status: 'degraded' }]);
    expect(await batch()).toMatchObject({ status: 'incomplete', without: [expect.stringMatching(/_0$/)] });
    expect(await incidents()).toMatchObject([{ cause: 'prediction-batch-stalled', isOpen: true, facts: { worker: 'phase5-predict-worker' } }]);
  });

  it.each([['all that it lacks', 9, false], ['a part of it alone', 8, true]])('what it was told of is over with a later revision that answers %s', async (_, answered, isOpen) => {
    await started();
    for (let time = 0; time < 12; time += 1) { clock.advance(minutes(5)); await check(); }
    await requests();
    expect(await batch()).toMatchObject({ status: 'incomplete' });
    const [run] = trigger.runs;
    await startBatch({ ...trigger, triggerId: 'nba_2026-01-24_pregame_phase5_r2', runs: [{ ...run!, revision: 2, releaseId: 'r2', games: games.slice(0, answered) }] }, context());
    for (const { payload } of await requests()) await collect(answerOf(payload));
    expect(await incidents()).toMatchObject([{ cause: 'prediction-batch-stalled', subject: trigger.triggerId, isOpen }]);
  });
});

describe('from 95 % on', () => {
  it('a player who fails every time does not hold up the rest: after ten minutes they are announced, the game complete in part', async () => {
    const [first, second] = await started();
    await collect(answerOf(first));
    const failing = playersOf(games[8]!)[0]!;
    expect(await collect(answerOf(second, [failing]))).toMatchObject({ outcome: 'waiting' });
    clock.advance(minutes(10));
    expect(await check()).toMatchObject({ outcome: 'checked', facts: { 'end-without': 1 } });
    expect(await announced()).toEqual([{ key: `${trigger.triggerId}_complete`, scopes: games }]);
    expect(await batch()).toMatchObject({ status: 'incomplete', without: [second.requestId] });
    expect(await incidents()).toMatchObject([{ cause: 'prediction-batch-stalled', facts: { missing: [`${games[8]!}|${failing}`] } }]);
  });

  it('his answer that comes late is announced by itself, once, and the batch is complete', async () => {
    const [first, second] = await started();
    await collect(answerOf(first));
    await collect(answerOf(second, [playersOf(games[8]!)[0]!]));
    clock.advance(minutes(10));
    await check();
    await announced();
    const late = answerOf({ ...second, attempt: 2 });
    expect(await collect(late)).toMatchObject({ outcome: 'added-late' });
    expect(await collect(late)).toMatchObject({ outcome: 'batch-complete' });
    expect(await announced()).toEqual([{ key: `${second.requestId}_again_2_ready`, scopes: [games[8]] }]);
    expect(await batch()).toMatchObject({ status: 'complete', without: [] });
    expect(await incidents()).toMatchObject([{ isOpen: false }]);
  });
});

it('an injured player ends himself, not the batch: his answer is final, whether the worker names him or no longer knows him', async () => {
  const [first, second] = await started();
  const answer = answerOf(first);
  const [injured, gone, ...others] = answer.players;
  await collect({ ...answer, players: [{ game: injured!.game, player: injured!.player, state: 'skipped', reason: 'ruled-out' }, ...others] });
  expect(gone).toBeDefined();
  expect(await collect(answerOf(second))).toMatchObject({ outcome: 'batch-complete', facts: { missing: 0 } });
  expect(await requests()).toEqual([]);
});

it('an answer that comes while the check ends the batch is not lost: one of the two finds the other', async () => {
  for (const order of ['answer first', 'check first', 'at once']) {
    trigger = { ...trigger, triggerId: `${trigger.triggerId}_${order.replaceAll(' ', '-')}` };
    const [first, second] = await started();
    await collect(answerOf(first));
    await collect(answerOf(second, [playersOf(games[8]!)[0]!]));
    clock.advance(minutes(10));
    const late = () => collect(answerOf({ ...second, attempt: 2 }));
    if (order === 'at once') await Promise.all([check(), late()]);
    else for (const step of order === 'answer first' ? [late, check] : [check, late]) await step();
    expect(await batch(), order).toMatchObject({ status: 'complete', without: [] });
    expect(new Set((await announced()).flatMap(({ scopes }) => scopes)), order).toEqual(new Set(games));
  }
});

it('a trigger without games is complete as it begins, takes the label off its date, and says so again when it comes again', async () => {
  const [run] = trigger.runs;
  trigger = { ...trigger, runs: [{ ...run!, games: [], revision: 2, releaseId: 'r2', upgrades: true }] };
  expect(await startBatch(trigger, context())).toMatchObject({ outcome: 'batch-complete', ended: [{ kind: 'phase-run', status: 'complete', rows: 0 }, { kind: 'processor-run' }] });
  expect(await startBatch(trigger, context())).toMatchObject({ outcome: 'batch-exists', ended: [{ kind: 'phase-run' }, { kind: 'processor-run' }] });
  expect((await system.ports.state.get({ collection: 'upgraded_outputs', id: `${date}_nba_predictions.player_prop_predictions` }))?.value).toEqual({ revision: 2 });
  expect(await check()).toEqual({ outcome: 'nothing-due' });
  expect([await requests(), await announced()]).toEqual([[], []]);
});
