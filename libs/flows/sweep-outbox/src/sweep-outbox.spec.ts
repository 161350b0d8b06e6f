import { openTemporary } from '@handoff/composition/temporary';
import { epochMs, PipelineError } from '@handoff/contracts';
import { writeLogRows } from '@handoff/log-rows';
import { outboxWrite, type OutboxEntry } from '@handoff/outbox';
import { guarded, type FlowContext, type MessageBus } from '@handoff/ports';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sweepOutbox } from './sweep-outbox.ts';

const clock = new ManualClock();
let system: Awaited<ReturnType<typeof openTemporary>>;
let published: string[];
/** Topics that refuse every message. */
let missing: readonly string[];
beforeEach(async () => {
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  published = [];
  missing = [];
});
afterEach(() => system.close());

const bus: MessageBus = {
  publish: async (topic, { key }) => {
    if (missing.includes(topic)) throw new PipelineError({ code: 'bus-topic-missing', disposition: 'defer', message: topic });
    published.push(`${topic} ${key}`);
    return { messageId: key };
  },
};
const sweep = () => sweepOutbox({ ports: { ...system.ports, bus, delays: new StateDelayQueue(system.ports.state, bus) }, log: silentLog, correlationId: 'spec' } satisfies FlowContext);
const entry = (topic: OutboxEntry['topic'], key: string): OutboxEntry => ({ topic, message: { key, correlationId: 'chain', payload: {} } });
async function leave(history: number): Promise<void> {
  const { state, delays } = system.ports;
  for (let first = 0; first < history; first += 400) {
    await state.batch(Array.from({ length: Math.min(400, history - first) }, (_, index) => outboxWrite(entry('pipeline-events', `e${first + index}`), epochMs(clock.now() - 60_000))));
  }
  await state.batch([outboxWrite(entry('phase3-trigger', 'left'), clock.now())]);
  await delays.schedule('phase4-trigger', { key: 'due', correlationId: 'chain', payload: {} }, clock.now());
}

it('publishes what was left, then what is due, then the history, and finds nothing after that', async () => {
  await leave(1);
  expect(await sweep()).toEqual({ outcome: 'swept', facts: { republished: 1, delivered: 1, told: 1, logged: 0, lost: 0 } });
  expect(published).toEqual(['phase3-trigger left', 'phase4-trigger due', 'pipeline-events e0']);
  expect(await sweep()).toMatchObject({ outcome: 'nothing-due' });
});

it('delivers what is due behind a trigger that cannot be published, and says so', async () => {
  missing = ['phase3-trigger'];
  await leave(1);
  await expect(sweep()).rejects.toMatchObject({ code: 'bus-topic-missing' });
  expect(published).toEqual(['phase4-trigger due', 'pipeline-events e0']);
});

it('publishes a trigger and deferred work beside 600 older events whose topic is missing', async () => {
  missing = ['pipeline-events'];
  await leave(600);
  await expect(sweep()).rejects.toMatchObject({ code: 'bus-topic-missing' });
  expect(published).toEqual(['phase3-trigger left', 'phase4-trigger due']);
});

it('writes rows of logs that the warehouse has refused, also while the bus publishes nothing', async () => {
  const { state, clock: now, warehouse } = system.ports;
  const rows = [{ decision_id: 'd', decision_time: now.now(), workflow_name: 'w', action: 'SKIP', reason: 'r', context: {}, scrapers_triggered: [], target_games: [], next_check_time: now.now(), priority: 'p', alert_level: 'NONE', triggered_by: 'schedule' }];
  const refusing = guarded(warehouse, ['merge'], () => { throw new PipelineError({ code: 'warehouse-unavailable', disposition: 'retry', message: 'away' }); });
  await writeLogRows({ state, clock: now, warehouse: refusing }, silentLog, { table: 'nba_orchestration.workflow_decisions', rows });
  await leave(0);
  missing = ['phase3-trigger'];
  await expect(sweep()).rejects.toMatchObject({ code: 'bus-topic-missing' });
  expect(await warehouse.query({ name: 'spec/decisions', text: 'SELECT decided.decision_id FROM `nba_orchestration.workflow_decisions` AS decided' })).toEqual([{ decision_id: 'd' }]);
});
