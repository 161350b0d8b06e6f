import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '@handoff/composition/embedded';
import { gameDate, parseInstant } from '@handoff/contracts';
import { noteFailedWork, retryId } from '@handoff/retry-queue';
import type { FailedWork, Failure } from '@handoff/retry';
import { VirtualClock } from '@handoff/clock-virtual';
import { createLog } from '@handoff/logging';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from './main.ts';

const now = parseInstant('2026-01-25T11:00:00Z');
const clock = new VirtualClock(now);
let folder: string;
let written: string;
let told: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-queue-'));
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ schema: 'handoff.run-plan/1', sport: 'nba', from: '2026-01-24', to: '2026-01-24', data: 'spec' }));
  writeFileSync(join(folder, 'clock.json'), JSON.stringify({ now }));
  written = '';
  told = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => { written += String(text); return true; });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => { told += String(text); return true; });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const work: FailedWork = {
  workKey: 'phase2-raw|files', kind: 'raw', phase: 'phase2', processorName: 'phase2-raw', gameDate: gameDate('2026-01-24'), correlationId: 'chain', inputHash: 'one',
  redo: { topic: 'phase1-scrapers-complete', payload: {}, messageKey: 'files' }, awaits: null,
};
const id = retryId(work.workKey);

async function failed(type: Failure['type']): Promise<void> {
  const system = await openEmbedded({ folder, clock, log: createLog({ level: 'error', clock, stream: process.stderr }), sources: { fetch: () => Promise.reject(new Error('asks nothing')) } });
  await noteFailedWork(system.ports, { work, failure: { type, code: 'warehouse-unavailable', message: 'no answer' } });
  await system.close();
}
async function queue(...args: readonly string[]): Promise<{ readonly code: number; readonly answer: { readonly items: readonly Record<string, unknown>[] } }> {
  written = '';
  const code = await main(['queue', ...args, '--dir', folder, '--json'], { root: folder });
  return { code, answer: written === '' ? { items: [] } : (JSON.parse(written) as { items: [] }) };
}

it('an empty queue is fine', async () => {
  await failed('transient');
  await queue('drop', id, '--reason', 'not needed');
  expect(await queue('list', '--status', 'pending')).toEqual({ code: 0, answer: { schema: 'handoff.queue/1', now: '2026-01-25T11:00:00.000Z', items: [] } });
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

it.each([[['retry', 'no-such-item'], 'there is no item no-such-item'], [['list', '--status', 'lost'], 'there is no status lost'], [['drop', 'x'], 'required option']])('%j is a usage error that says what is wrong', async (args, says) => {
  await failed('transient');
  expect((await queue(...args)).code).toBe(64);
  expect(told).toContain(says);
});

it('a folder without a run could not be checked', async () => {
  expect(await main(['queue', 'list', '--dir', join(folder, 'nowhere')], { root: folder })).toBe(3);
});
