import { datesBetween } from '@handoff/slate';
import type { Scenario } from '../scenario/scenario.ts';

/** Whether a scenario still fails: a run. */
export type Fails = (scenario: Scenario) => Promise<boolean>;

/**
 * Makes a failing scenario smaller while it fails: fewer faults, fewer days, fewer strikes. Every step is a run; what is
 * left is needed, each part by itself.
 */
export async function shrink(scenario: Scenario, fails: Fails): Promise<Scenario> {
  const fewer = await withFewerFaults(scenario, fails);
  const shorter = await withFewerDays(fewer, fails);
  return withFewerStrikes(shorter, fails);
}

/** Halves first, then one by one: a plan of seven faults, of which one matters, takes four runs. */
async function withFewerFaults(scenario: Scenario, fails: Fails): Promise<Scenario> {
  let smallest = scenario;
  for (let size = Math.ceil(smallest.faults.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let first = 0; first < smallest.faults.length; ) {
      const faults = smallest.faults.filter((_, place) => place < first || place >= first + size);
      const candidate = { ...smallest, faults };
      if (faults.length > 0 && (await fails(candidate))) smallest = candidate;
      else first += size;
    }
  }
  return smallest;
}

async function withFewerDays(scenario: Scenario, fails: Fails): Promise<Scenario> {
  for (const to of daysOf(scenario)) {
    const candidate = { ...scenario, to };
    if (await fails(candidate)) return candidate;
  }
  return scenario;
}

/** The last dates that a shorter run may have, shortest run first. */
const daysOf = ({ from, to }: Scenario): readonly Scenario['to'][] => datesBetween(from, to).filter((date) => date < to);

async function withFewerStrikes(scenario: Scenario, fails: Fails): Promise<Scenario> {
  let smallest = scenario;
  for (const place of scenario.faults.keys()) {
    const faults = smallest.faults.map((fault, index) => (index === place ? { ...fault, times: 1 } : fault));
    const candidate = { ...smallest, faults };
    if (smallest.faults[place]?.times !== 1 && (await fails(candidate))) smallest = candidate;
  }
  return smallest;
}
