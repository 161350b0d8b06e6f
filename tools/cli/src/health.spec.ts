import { parseInstant } from '@handoff/contracts';
import { evaluationRef } from '@handoff/decision-state';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliWorld } from './cli-world.ts';

const now = parseInstant('2026-07-25T11:00:00Z');
let world: CliWorld;
beforeEach(() => { world = new CliWorld(now); });
afterEach(() => { world.remove(); });

it('prints what the daily summary would tell, and ends by it', async () => {
  expect(await world.run('health')).toMatchObject({ code: 2, answer: { schema: 'handoff.health/1', now: '2026-07-25T11:00:00.000Z', gameDate: '2026-07-25', status: 'CRITICAL' } });
  await world.act(({ state }) => state.create(evaluationRef('nba', now), { decidedAt: now, collected: [], decisions: [{ workflow: 'morning_operations', action: 'RUN', reason: 'spec' }] }));
  expect(await world.run('health')).toMatchObject({ code: 0, answer: { status: 'HEALTHY', sections: [{ name: 'orchestration', severity: 'ok' }, {}, {}, {}, {}, {}, {}] } });
});
