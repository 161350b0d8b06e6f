import { PipelineError } from '@handoff/contracts';
import { question, type FunctionDefinition } from '@handoff/ports';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { hostFunction, type HostRequest } from '@handoff/function-host';
import { openTemporary } from './temporary.ts';

const clock = new ManualClock();
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => { system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } }); });
afterEach(() => system.close());

const mute: FunctionDefinition<object> = { name: 'workflow-health', config: z.object({}), routes: [], onSchedule: () => Promise.reject(new Error('nobody ticks here')) };
const asked: FunctionDefinition<object> = { ...mute, onQuestion: question(z.strictObject({ hours: z.coerce.number().int().min(1).default(24) }), async ({ hours }, ports) => ({ hours, at: ports.clock.now() })) };
const ask = (definition: FunctionDefinition<object>, request: Partial<HostRequest> = {}) =>
  hostFunction({ definition, config: {}, ports: system.ports, instance: { id: 'one', isGone: () => false } })({ method: 'GET', path: '/ask', headers: {}, body: undefined, ...request });
const kept = async () => (await Promise.all(['claims_workflow-health', 'heartbeats', 'rejected', 'outbox'].map((collection) => system.ports.state.query({ collection })))).flat();

it.each<[Partial<HostRequest>, number]>([[{}, 24], [{ query: { hours: '4' } }, 4], [{ method: 'POST', body: { hours: 4 } }, 4], [{ method: 'POST', body: '' }, 24]])('%j is answered as often as it is asked, and leaves no claim, no heartbeat and no history', async (request, hours) => {
  for (let times = 0; times < 2; times += 1) expect(await ask(asked, request)).toEqual({ status: 200, body: { hours, at: clock.now() } });
  expect(await kept()).toEqual([]);
});

it.each<Partial<HostRequest>>([{ query: { hours: '0' } }, { query: { hours: 'all' } }, { query: { days: '1' } }, { method: 'POST', body: 'no json' }])('%j is the mistake of who asks, and nobody else is told', async (request) => {
  expect(await ask(asked, request)).toMatchObject({ status: 400, body: { outcome: 'question-invalid' } });
  expect([await kept(), await system.notifier.incidents()]).toEqual([[], []]);
});

it('a function that answers none has nothing there; one that cannot look says so', async () => {
  expect(await ask(mute)).toMatchObject({ status: 404 });
  const refused = new PipelineError({ code: 'state-unavailable', disposition: 'retry', message: 'no answer' });
  expect(await ask({ ...mute, onQuestion: question(z.object({}), () => Promise.reject(refused)) })).toMatchObject({ status: 503 });
});
