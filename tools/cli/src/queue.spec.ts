import { join } from 'node:path';
import { gameDate, parseInstant } from '@handoff/contracts';
import type { FailedWork, Failure } from '@handoff/retry';
import { noteFailedWork, retryId } from '@handoff/retry-queue';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliWorld } from './cli-world.ts';
import { main } from './main.ts';

let world: CliWorld;
beforeEach(() => { world = new CliWorld(parseInstant('2026-01-25T11:00:00Z')); });
afterEach(() => { world.remove(); });

const work: FailedWork = {
  workKey: 'phase2-raw|files', kind: 'raw', phase: 'phase2', processorName: 'phase2-raw', gameDate: gameDate('2026-01-24'), correlationId: 'chain', inputHash: 'one',
  redo: { topic: 'phase1-scrapers-complete', payload: {}, messageKey: 'files' }, awaits: null,
};
const id = retryId(work.workKey);
const failed = (type: Failure['type']) => world.act((ports) => noteFailedWork(ports, { work, failure: { type, code: 'warehouse-unavailable', message: 'no answer' } }));
const queue = (...args: readonly string[]) => world.run('queue', ...args);

it('an empty queue is fine', async () => {
  await failed('transient');
  await queue('drop', id, '--reason', 'not needed');
  expect(await queue('list', '--status', 'pending')).toMatchObject({ code: 0, answer: { schema: 'handoff.queue/1', now: '2026-01-25T11:00:00.000Z', items: [] } });
});

it('what waits is a warning, in the owner\'s words', async () => {
  await failed('transient');
  expect(await queue('list')).toMatchObject({ code: 1, answer: { items: [{ id, status: 'pending', processor_name: 'phase2-raw', retry_count: 0, max_retries: 3, first_failure_at: '2026-01-25T11:00:00.000Z', next_retry_at: '2026-01-25T11:15:00.000Z', error_type: 'transient' }] } });
});

it('what was given up is an error until it is tried again or dropped', async () => {
  await failed('permanent');
  expect((await queue('list')).code).toBe(2);
  expect(await queue('retry', id, '--dry-run')).toMatchObject({ code: 0, answer: { dryRun: true, items: [{ status: 'pending' }] } });
  expect((await queue('list')).code).toBe(2);
  expect(await queue('retry', id)).toMatchObject({ code: 0, answer: { dryRun: false, items: [{ status: 'pending', retry_count: 0, next_retry_at: '2026-01-25T11:00:00.000Z' }] } });
  expect((await queue('list')).code).toBe(1);
  await queue('drop', id, '--reason', 'the source has stopped');
  expect(await queue('list')).toMatchObject({ code: 0, answer: { items: [{ status: 'failed_permanent', resolution_notes: 'withdrawn: the source has stopped' }] } });
});

it('what is dropped concerns nobody any more: its alert is resolved', async () => {
  await failed('transient');
  await world.act((ports) => ports.notifier.alert({ cause: 'retries-exhausted', subject: work.workKey, severity: 'error', title: 'given up', facts: {}, at: parseInstant('2026-01-25T11:00:00Z') }));
  await queue('drop', id, '--reason', 'the source has stopped');
  let open: readonly unknown[] = [];
  await world.act(async ({ state }) => { open = (await state.query({ collection: 'incidents' })).filter(({ value }) => value['resolvedAt'] === null); });
  expect(open).toEqual([]);
});

it.each([[['retry', 'no-such-item'], 'there is no item no-such-item'], [['list', '--status', 'lost'], 'there is no status lost'], [['drop', 'x'], 'required option']])('%j is a usage error that says what is wrong', async (args, says) => {
  await failed('transient');
  const { code, answer, told } = await queue(...args);
  expect([code, answer]).toEqual([64, undefined]);
  expect(told).toContain(says);
});

it('a folder without a run could not be checked', async () => {
  expect(await main(['queue', 'list', '--dir', join(world.folder, 'nowhere')], { root: world.folder })).toBe(3);
});
