import { gamesPerPredictionRequest } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, hashOf, OfficialGameId, parseInstant, type OutputsCompleted, type PhaseTriggered, type PredictionRequested, type PredictionsReady } from '@handoff/contracts';
import { publishPending } from '@handoff/outbox';
import type { Delivery, FlowContext, Ports } from '@handoff/ports';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { collectPredictions } from './collect-predictions.ts';
import { startBatch } from './start-batch.ts';

const games = Array.from({ length: 2 * gamesPerPredictionRequest + 1 }, (_, index) => OfficialGameId.parse(`00225006${String(index + 10)}`));
const parts = [games.slice(0, gamesPerPredictionRequest), games.slice(gamesPerPredictionRequest, -1), games.slice(-1)];
const clock = new ManualClock(parseInstant('2026-01-24T13:00:00Z'));
const trigger: PhaseTriggered = {
  sport: 'nba', purpose: 'live', triggerId: 'nba_2026-01-24_pregame_phase5_r1', phase: 'phase5', flow: 'pregame',
  runs: [{ gameDate: gameDate('2026-01-24'), revision: 1, releaseId: 'nba_2026-01-24_pregame_phase5_r1', games, isDegraded: false, missing: [], upgrades: false, sourceVersionAt: clock.now() }],
};

let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
});
afterEach(() => system.close());

const context = (over: Partial<Ports> = {}): FlowContext => ({ ports: { ...system.ports, ...over }, log: silentLog, correlationId: 'spec' });
async function taken(subscription: string): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries.filter((delivery) => delivery.subscription === subscription);
}
const requests = async (): Promise<readonly PredictionRequested[]> => (await taken('prediction-requests--phase5-predict-worker')).map(({ message }) => message.payload as unknown as PredictionRequested);
const announced = async (): Promise<readonly OutputsCompleted[]> => (await taken('phase5-predictions-complete--phase5-to-phase6')).map(({ message }) => message.payload as unknown as OutputsCompleted);
const answerOf = ({ sport, purpose, requestId, triggerId, games: asked, run, attempt }: PredictionRequested): PredictionsReady => ({
  sport, purpose, requestId, triggerId, run, attempt, players: [],
  completions: asked.map((game) => ({ gameDate: run.gameDate, output: 'nba_predictions.player_prop_predictions', scope: game, contentHash: hashOf(game), rowCount: 30 })),
});

it('a trigger becomes requests of a few games each, all of its games in them, under keys that tell batch, date and part', async () => {
  expect(await startBatch(trigger, context())).toEqual({ outcome: 'batch-started', facts: { triggerId: trigger.triggerId, requests: 3, players: 0 } });
  expect((await requests()).map(({ games: asked, requestId }) => ({ asked, requestId }))).toEqual(parts.map((asked, part) => ({ asked, requestId: `${trigger.triggerId}_2026-01-24_${part}` })));
});

it('a trigger that comes twice asks once', async () => {
  await startBatch(trigger, context());
  expect(await startBatch(trigger, context())).toMatchObject({ outcome: 'batch-exists' });
  expect(await requests()).toHaveLength(3);
});

it('a crash after the batch leaves the requests to the sweeper', async () => {
  await expect(startBatch(trigger, context({ bus: { publish: () => Promise.reject(new Error('killed')) } }))).rejects.toThrow('killed');
  expect(await requests()).toEqual([]);
  await publishPending(system.ports, 100);
  expect(await requests()).toHaveLength(3);
});

it('the batch is announced once, when the last of its requests is answered, although every answer comes twice', async () => {
  await startBatch(trigger, context());
  const answers = (await requests()).map(answerOf);
  const outcomes: string[] = [];
  for (const answer of answers.flatMap((one) => [one, one])) outcomes.push((await collectPredictions(answer, context())).outcome);
  expect(outcomes).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'batch-complete', 'batch-complete']);
  const deliveries = await taken('phase5-predictions-complete--phase5-to-phase6');
  expect(new Set(deliveries.map(({ message }) => message.key))).toEqual(new Set([`${trigger.triggerId}_complete`]));
  expect(new Set(deliveries.map(({ message }) => JSON.stringify(message.payload))).size).toBe(1);
  expect(deliveries[0]?.message.payload).toMatchObject({ phase: 'phase5', flow: 'pregame', completions: games.map((scope) => ({ scope })) });
});

it('answers that race announce the whole batch or wait, in any interleaving', async () => {
  await startBatch(trigger, context());
  const answers = (await requests()).map(answerOf);
  await Promise.all(answers.flatMap((one) => [collectPredictions(one, context()), collectPredictions(one, context())]));
  const messages = await announced();
  expect(messages.length).toBeGreaterThan(0);
  for (const { completions } of messages) expect(completions.map(({ scope }) => scope)).toEqual(games);
});

it('an answer to no batch of ours is rejected', async () => {
  await startBatch(trigger, context());
  const [request] = await requests();
  await expect(collectPredictions({ ...answerOf(request!), triggerId: 'another' }, context())).rejects.toMatchObject({ code: 'prediction-batch-unknown', disposition: 'reject' });
});

it('the run ends with the last answer, with the rows of its games', async () => {
  await startBatch(trigger, context());
  const reports = [];
  for (const answer of (await requests()).map(answerOf)) reports.push(await collectPredictions(answer, context()));
  expect(reports.map(({ ended = [] }) => ended.length)).toEqual([0, 0, 2]);
  expect(reports.at(-1)?.ended).toMatchObject([
    { kind: 'phase-run', runId: trigger.triggerId, name: 'phase5', status: 'complete', games: games.length, rows: 30 * games.length },
    { kind: 'processor-run', runId: `${trigger.triggerId}|nba_predictions.player_prop_predictions`, games: games.length, rows: 30 * games.length },
  ]);
});
