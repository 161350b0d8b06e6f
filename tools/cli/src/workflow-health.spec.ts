import { workflows } from '@handoff/catalogue';
import { after, hours, parseInstant, type EpochMs } from '@handoff/contracts';
import { evaluationRef } from '@handoff/decision-state';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliWorld } from './cli-world.ts';

/** The outage of 45.2 hours, a moment before it ended. */
const now = parseInstant('2026-01-25T01:34:00Z');
let world: CliWorld;
beforeEach(() => { world = new CliWorld(now); });
afterEach(() => { world.remove(); });

const decide = (times: readonly EpochMs[]) => world.act(async ({ state }) => {
  for (const at of times) await state.create(evaluationRef('nba', at), { decidedAt: at, collected: [], decisions: workflows.map(({ name }) => ({ workflow: name, action: 'SKIP', reason: 'spec' })) });
});
const hourlyFrom = (from: string, count: number): readonly EpochMs[] => Array.from({ length: count }, (_, hour) => after(parseInstant(from), hours(hour)));
const health = (...args: readonly string[]) => world.run('workflow-health', ...args);

it('finds the outage while it lasts: 2,714 minutes since the last decision', async () => {
  await decide([parseInstant('2026-01-23T04:20:00Z')]);
  expect(await health('--hours', '4', '--threshold-minutes', '60')).toMatchObject({ code: 2, answer: { schema: 'handoff.workflow-health/1', severity: 'critical', checks: [{ check: 'decision-gap', severity: 'critical', summary: 'no decision for 2714 minutes', evidence: { lastDecisionAt: '2026-01-23T04:20:00.000Z', openGapMinutes: 2714 } }, {}, {}, {}, {}, {}, {}] } });
});

it('is well where something was decided every hour, with seven checks', async () => {
  await decide(hourlyFrom('2026-01-23T00:00:00Z', 50));
  const { code, answer } = await health('--hours', '4');
  expect({ code, checks: (answer as { checks: { check: string }[] }).checks.map(({ check }) => check) }).toEqual({ code: 0, checks: ['decision-gap', 'phase-transitions', 'processor-completion', 'failed-queue', 'decision-frequency', 'phase-timing', 'decision-pattern'] });
});

it('sees a gap that has closed', async () => {
  await decide([...hourlyFrom('2026-01-24T20:00:00Z', 1), ...hourlyFrom('2026-01-25T01:00:00Z', 1)]);
  expect(await health('--hours', '6')).toMatchObject({ code: 2, answer: { checks: [{ severity: 'critical', evidence: { longestClosedGapMinutes: 300 } }, {}, {}, {}, {}, {}, {}] } });
});

it.each([['--hours', '0'], ['--hours', 'x'], ['--threshold-minutes', '-1'], ['--sport', 'golf']])('%s %s is a usage error', async (name, value) => {
  expect((await health(name, value)).code).toBe(64);
});

it('could not check a folder without a run', async () => {
  world.remove();
  expect((await health()).code).toBe(3);
});
