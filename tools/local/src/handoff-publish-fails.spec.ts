import { completionTopics, tableNamed, triggerTopics } from '@handoff/catalogue';
import { minutes, rowOfWire, type EpochMs, type PipelineEventRow } from '@handoff/contracts';
import { FaultPlan, FaultyBus, faultyState, type Fault } from '@handoff/faults';
import type { MessageBus } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { afterAll, describe, expect, it } from 'vitest';
import { HandoffWorld, type Outcome, type Trial, type WorldPorts } from './handoff-world.ts';

const world = new HandoffWorld();
afterAll(() => world.close());

const trigger = `bus:${triggerTopics.phase3}`;
const allGames = [0, 1, 2, 3, 4];

/** The stores with faults, and the history that went through the bus. */
function faulty(faults: readonly Fault[]) {
  const plan = new FaultPlan({ clock: world.clock, random: new SeededRandom(2), faults });
  const bus = new FaultyBus(world.bus, plan);
  const history: PipelineEventRow[] = [];
  const listening: MessageBus = {
    publish: (topic, message) => {
      if (topic === 'pipeline-events') history.push(rowOfWire(tableNamed('nba_orchestration.pipeline_event_log'), message.payload) as PipelineEventRow);
      return bus.publish(topic, message);
    },
  };
  const ports: WorldPorts = { state: faultyState(world.state, plan), bus: listening, notifier: world.notifier };
  return { ports, history, fired: () => plan.fired().map(({ fired }) => fired) };
}

async function lived(trial: Trial, ports: WorldPorts): Promise<Outcome> {
  await trial.publish(trial.completed(allGames), ports.bus);
  await trial.live(trial.start(ports, true));
  return trial.outcome();
}

const onceAndWhole = { completions: 5, runs: 1, effects: 1, outbox: 0, claims: ['done'], deadLetters: 0, standing: { verdict: 'release', revision: 1 } };

describe('the last completion arrives, and', () => {
  it.each<readonly [what: string, faults: readonly Fault[]]>([
    ['the publish of the trigger fails twice', [{ target: trigger, kind: 'unavailable', times: 2 }]],
    ['the trigger’s topic is missing twice', [{ target: trigger, kind: 'not-found', times: 2 }]],
    ['the publish times out three times', [{ target: trigger, kind: 'timeout', times: 3 }]],
    ['the first two reads of the state store fail', [{ target: 'state', kind: 'unavailable', times: 2 }]],
    ['the completion is delivered twice and the publish fails twice', [{ target: `bus:${completionTopics.phase2}`, kind: 'duplicate', times: 1 }, { target: trigger, kind: 'unavailable', times: 2 }]],
  ])('%s: one release, confirmed, and one run', async (_what, faults) => {
    const trial = await world.newTrial();
    const { ports, fired } = faulty(faults);
    const outcome = await lived(trial, ports);
    expect(fired()).toEqual(faults.map(({ times }) => times));
    expect(outcome).toMatchObject(onceAndWhole);
    expect(outcome.releases).toHaveLength(1);
    expect(outcome.releases[0]?.messageId).not.toBeNull();
    expect(outcome.announcements.size).toBe(1);
  });

  it('a gate that cannot read answers no success, and its message comes again', async () => {
    const trial = await world.newTrial();
    const { ports } = faulty([{ target: 'state', kind: 'unavailable', times: 1 }]);
    await trial.publish(trial.completed(allGames));
    const process = trial.start(ports, true);
    const verdicts: string[] = [];
    await trial.live({ ...process, handle: async (delivery) => { const verdict = await process.handle(delivery); if (delivery.subscription.endsWith(`--${world.transition}`)) verdicts.push(verdict); return verdict; } });
    expect(verdicts[0]).toBe('nack');
    expect(await trial.outcome()).toMatchObject(onceAndWhole);
  });
});

describe('a release whose trigger is not published', () => {
  it('is not final: it has no message id until the publish is confirmed, and the delay shows in the history', async () => {
    const trial = await world.newTrial();
    const { ports, history } = faulty([{ target: trigger, kind: 'unavailable', until: (world.clock.now() + minutes(5)) as EpochMs }]);
    await trial.publish(trial.completed(allGames));
    const process = trial.start(ports, true);
    while (await world.bus.deliverNext((delivery) => process.handle(delivery)));
    expect((await trial.outcome()).releases).toMatchObject([{ messageId: null }]);
    await trial.live(process);
    const outcome = await trial.outcome();
    expect(outcome).toMatchObject(onceAndWhole);
    const [release] = outcome.releases;
    expect(release?.messageId).not.toBeNull();
    const run = history.find(({ name, run_id: id }) => name === 'phase3-analytics' && id.includes(trial.date));
    expect((run?.started_at ?? 0) - (release?.releasedAt ?? 0)).toBeGreaterThanOrEqual(minutes(4));
  });

  it('is swept once by two sweepers that run at once, as far as anybody can tell', async () => {
    const trial = await world.newTrial();
    const { ports } = faulty([{ target: trigger, kind: 'unavailable', times: 1 }]);
    await trial.publish(trial.completed(allGames));
    const process = trial.start(ports);
    while (await world.bus.deliverNext((delivery) => process.handle(delivery)));
    const others = [trial.start(world), trial.start(world), trial.start(world)];
    await Promise.all(others.map((other) => other.sweep()));
    await trial.live(trial.start(world));
    expect(await trial.outcome()).toMatchObject(onceAndWhole);
  });
});
