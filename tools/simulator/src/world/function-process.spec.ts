import { minutes, type DurationMs } from '@handoff/contracts';
import { FaultPlan, SimulatedCrash, type Fault } from '@handoff/faults';
import type { HostableFunction } from '@handoff/function-host';
import type { Ports } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { ManualClock } from '@handoff/testing';
import { describe, expect, it } from 'vitest';
import { FunctionProcess } from './function-process.ts';

const target = 'function:worker';

/** A function that writes a document and publishes a message; each instance says who it is. */
function open(...faults: readonly Fault[]) {
  const clock = new ManualClock();
  const spent: DurationMs[] = [];
  const plan = new FaultPlan({ faults, clock, random: new SeededRandom(1), spend: (span) => { spent.push(span); } });
  const done: string[] = [];
  const ports = {
    clock,
    state: { create: async () => { done.push('commit'); } },
    bus: { publish: async () => { done.push('publish'); return { messageId: 'm' }; } },
    warehouse: {}, objects: {}, sources: {}, notifier: {},
  } as unknown as Ports;
  const hostable: HostableFunction = {
    name: 'worker',
    host: ({ ports: own, instance }) => async () => {
      await own.state.create({ collection: 'c', id: 'd' }, {});
      await own.bus.publish('t', { key: 'k', payload: {}, correlationId: 'c' });
      return { status: 200, body: { outcome: instance.id } };
    },
  };
  return { process: new FunctionProcess({ hostable, ports, plan, environment: {} }), done, spent, plan };
}

describe('a function', () => {
  it.each<readonly [point: NonNullable<Fault['point']>, done: readonly string[]]>([['before-work', []], ['after-commit', ['commit']], ['after-publish', ['commit', 'publish']], ['after-work', ['commit', 'publish']]])('that crashes %s has done %j, and another instance takes its place', async (point, expected) => {
    const { process, done } = open({ target, kind: 'crash', point, times: 1 });
    expect(await process.call({})).toMatchObject({ status: 500 });
    expect(done).toEqual(expected);
    expect(await process.call({})).toEqual({ status: 200, body: { outcome: 'worker-2' } });
  });

  it('whose memory runs out dies somewhere in its work, and nowhere twice', async () => {
    const { process, plan } = open({ target, kind: 'out-of-memory', times: 1 });
    expect(await process.call({})).toMatchObject({ status: 500, body: { outcome: 'killed' } });
    expect(await process.call({})).toMatchObject({ status: 200 });
    expect(plan.fired()[0]?.fired).toBe(1);
  });

  it('that is cut off has done its work and cannot say so', async () => {
    const { process, done, spent } = open({ target, kind: 'timeout', times: 1 });
    expect(await process.call({})).toMatchObject({ status: 504 });
    expect([done, spent]).toEqual([['commit', 'publish'], [minutes(9)]]);
  });

  it.each<readonly [Fault['kind'], number]>([['unavailable', 503], ['error', 500], ['permission-denied', 403], ['wrong-revision', 404], ['missing-config', 503]])('%s answers %i and does nothing', async (kind, status) => {
    const { process, done } = open({ target, kind });
    expect(await process.call({})).toMatchObject({ status });
    expect(done).toEqual([]);
  });

  it('does not start while the configuration of all lacks something', async () => {
    expect(await open({ target: 'config', kind: 'missing-config' }).process.call({})).toMatchObject({ status: 503 });
  });

  it('dies only of work that the fault is about', async () => {
    const { process } = open({ target, kind: 'crash', point: 'before-work', games: ['0022500645'] });
    expect(await process.call({ scope: '0022500646' })).toMatchObject({ status: 200 });
    expect(await process.call({ scope: '0022500645' })).toMatchObject({ status: 500 });
  });

  it('finds what a message is about in its payload, which is packed', async () => {
    const push = (payload: object) => ({ subscription: 's', message: { messageId: 'm', attributes: { key: 'k' }, data: Buffer.from(JSON.stringify(payload)).toString('base64') } });
    const { process } = open({ target, kind: 'error', games: ['0022500645'] });
    expect(await process.call(push({ scope: '0022500646' }))).toMatchObject({ status: 200 });
    expect(await process.call(push({ scope: '0022500645' }))).toMatchObject({ status: 500 });
  });

  it('that throws by itself is a bug of the host, and is not taken for a crash', async () => {
    const { plan } = open();
    const hostable: HostableFunction = { name: 'worker', host: () => () => Promise.reject(new RangeError('a bug')) };
    await expect(new FunctionProcess({ hostable, ports: { state: {}, bus: {}, warehouse: {}, objects: {}, sources: {}, notifier: {} } as unknown as Ports, plan, environment: {} }).call({})).rejects.toThrow(RangeError);
    expect(new SimulatedCrash('dead')).not.toBeInstanceOf(RangeError);
  });
});
