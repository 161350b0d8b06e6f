import { isScraperEnabled, scraperNamed } from '@handoff/catalogue';
import { days, PipelineError } from '@handoff/contracts';
import { spanOfRun } from '@handoff/local';
import { madeUpSeason } from '@handoff/sources-recorded';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { healingMsMax } from '../invariants/healing-time.ts';
import { planFault, Scenario } from '../scenario/scenario.ts';
import { profileNames } from './profiles.ts';
import { randomScenario } from './random-scenario.ts';

const season = madeUpSeason({ from: '2025-11-03', days: 60, players: 2 });

it('one seed gives one scenario, that people could have written', () => {
  fc.assert(fc.property(fc.nat(10_000), fc.constantFrom(...profileNames), fc.integer({ min: 1, max: 7 }), (seed, profile, length) => {
    const scenario = randomScenario({ seed, days: length, profile, season });
    expect(randomScenario({ seed, days: length, profile, season })).toEqual(scenario);
    expect(Scenario.parse(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario);
    expect(scenario.faults.length).toBeGreaterThan(0);
    for (const { at, until } of scenario.faults.map(planFault)) expect(at ?? 0).toBeLessThan(until ?? 0);
  }), { numRuns: 100 });
});

it('nothing is drawn that nobody asks on its dates', () => {
  const targets = Array.from({ length: 300 }, (_, seed) => randomScenario({ seed, days: 3, profile: 'harsh', season })).flatMap(({ from, faults }) => faults.map(({ target }) => ({ from, target })));
  const asleep = targets.filter(({ from, target }) => target.startsWith('source:') && !isScraperEnabled(scraperNamed(target.slice('source:'.length)), from));
  expect(targets.filter(({ target }) => target.startsWith('source:')).length).toBeGreaterThan(50);
  expect(asleep).toEqual([]);
});

it('the whole of a family is drawn and its parts, whichever row of the table they are in', () => {
  const targets = new Set(Array.from({ length: 600 }, (_, seed) => randomScenario({ seed, days: 7, profile: 'default', season })).flatMap(({ faults }) => faults.filter(({ kind }) => kind === 'unavailable' || kind === 'error').map(({ target }) => target)));
  for (const target of ['bus', 'bus:phase2-raw-complete', 'warehouse', 'warehouse:nba_raw.bdl_player_boxscores', 'function:watchdog', 'function:phase3-analytics']) expect(targets).toContain(target);
});

it('every fault is over in time for what it broke to be healed, and lasts a week at most', () => {
  const drawn = Array.from({ length: 200 }, (_, seed) => randomScenario({ seed, days: 14, profile: 'harsh', season }));
  const late = drawn.flatMap(({ name, from, to, faults }) => faults.map(planFault).flatMap(({ target, kind, at, until }) => {
    const { endAt } = spanOfRun(from, to);
    const isInTime = until !== undefined && at !== undefined && until <= endAt - healingMsMax && until - at <= days(7);
    return isInTime ? [] : [`${name}: ${kind} on ${target}`];
  }));
  expect(late).toEqual([]);
});

it('a longer run has as many faults in each of its weeks', () => {
  const countOf = (length: number): number => Array.from({ length: 100 }, (_, seed) => randomScenario({ seed, days: length, profile: 'default', season }).faults.length).reduce((sum, count) => sum + count, 0);
  const ratio = countOf(21) / countOf(7);
  expect(ratio).toBeGreaterThan(2.7);
  expect(ratio).toBeLessThan(3.3);
});

it('neighbouring seeds give other scenarios', () => {
  const texts = Array.from({ length: 50 }, (_, seed) => JSON.stringify(randomScenario({ seed, days: 7, profile: 'default', season }).faults));
  expect(new Set(texts).size).toBe(50);
});

it.each([['nothing', 7, 'choose one of default, harsh'], ['default', 100, '100 days are more than were recorded']])('profile %s over %i days is refused: %s', (profile, length, says) => {
  expect(() => randomScenario({ seed: 1, days: length, profile, season })).toThrow(PipelineError);
  expect(() => randomScenario({ seed: 1, days: length, profile, season })).toThrow(says);
});
