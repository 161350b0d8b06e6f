import { CrashPoints, diesAtPassage, SimulatedCrash } from '@handoff/faults';
import { afterAll, describe, expect, it } from 'vitest';
import { HandoffWorld, type Outcome, type Trial, type WorldPorts } from './handoff-world.ts';

const world = new HandoffWorld();
afterAll(() => world.close());

/** The port, whose every call passes a point before it and one after it: each await of the protocol is between two of them. */
function passing<Port extends object>(port: Port, points: CrashPoints): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...call: unknown[]): Promise<unknown> => points.around(async () => (await (member.bind(target) as (...bound: unknown[]) => Promise<unknown>)(...call)));
    },
  });
}

const portsAt = (points: CrashPoints): WorldPorts => ({ state: passing(world.state, points), bus: passing(world.bus, points), notifier: passing(world.notifier, points) });

/** Five games in two messages; the process dies at a passage, and another goes on. */
async function liveThrough(points: CrashPoints): Promise<Outcome> {
  const trial: Trial = await world.newTrial();
  for (const games of [[0, 1, 2], [3, 4]]) await trial.publish(trial.completed(games));
  try {
    await trial.live(trial.start(portsAt(points), true), () => points.isDead);
  } catch (error) {
    if (!(error instanceof SimulatedCrash)) throw error;
    await trial.live(trial.start(world, true));
  }
  return trial.outcome();
}

const alive = new CrashPoints();
const untouched = await liveThrough(alive);
const passages = alive.passed.length;

describe('a process of the hand-off', () => {
  it('that is left alone releases once and runs once', () => {
    expect(untouched).toMatchObject({ completions: 5, runs: 1, effects: 1, outbox: 0, claims: ['done'], deadLetters: 0, standing: { verdict: 'release', revision: 1 } });
    expect(untouched.releases).toMatchObject([{ verdict: 'release', run: { revision: 1, isDegraded: false, missing: [] } }]);
    expect(untouched.releases[0]?.messageId).not.toBeNull();
    expect(untouched.announcements.size).toBe(1);
  });

  it('awaits often enough for the enumeration to mean something', () => {
    expect(passages).toBeGreaterThan(80);
  });

  it('that dies before or after any of its calls loses no completion, releases once and takes effect once', async () => {
    for (let passage = 0; passage < passages; passage += 1) {
      const points = new CrashPoints(diesAtPassage(passage));
      const outcome = await liveThrough(points);
      const died = `died at passage ${passage}`;
      expect(points.passed.length, died).toBe(passage + 1);
      expect(outcome, died).toMatchObject({ completions: 5, effects: 1, outbox: 0, claims: ['done'], deadLetters: 0, standing: { verdict: 'release', revision: 1 } });
      expect(outcome.releases, died).toMatchObject([{ verdict: 'release', run: { revision: 1 } }]);
      expect(outcome.releases[0]?.messageId, died).not.toBeNull();
      expect(outcome.announcements.size, died).toBe(1);
      // Twice only where it died between the end of the run and the note of it.
      expect(outcome.runs, died).toBeLessThanOrEqual(2);
    }
  });

  it('that dies, and whose successor dies as well, is made good by the third', async () => {
    for (let passage = 0; passage < passages; passage += 3) {
      const trial = await world.newTrial();
      for (const games of [[0, 1, 2], [3, 4]]) await trial.publish(trial.completed(games));
      // What is left for the successor is a sweep at the least, which passes more often than this.
      for (const at of [passage, passage % 7]) {
        const points = new CrashPoints(diesAtPassage(at));
        await expect(trial.live(trial.start(portsAt(points), true), () => points.isDead)).rejects.toBeInstanceOf(SimulatedCrash);
      }
      await trial.live(trial.start(world, true));
      expect(await trial.outcome(), `died at ${passage}`).toMatchObject({ completions: 5, effects: 1, outbox: 0, claims: ['done'], standing: { verdict: 'release', revision: 1 } });
    }
  });
});
