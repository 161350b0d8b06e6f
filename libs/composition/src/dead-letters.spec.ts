import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@handoff/clock-virtual';
import { hours, parseInstant } from '@handoff/contracts';
import { createLog } from '@handoff/logging';
import { afterEach, expect, it } from 'vitest';
import { openEmbedded } from './embedded.ts';

const folder = mkdtempSync(join(tmpdir(), 'handoff-dead-letters-'));
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

it('opens one incident for a subscription whose messages use up their deliveries, after the fifth refusal', async () => {
  const clock = new VirtualClock(parseInstant('2026-01-24T12:00:00Z'));
  const sources = { fetch: () => Promise.reject(new RangeError('no source is asked here')) };
  const system = await openEmbedded({ folder, clock, sources, log: createLog({ level: 'silent', clock, stream: process.stderr }) });
  const { bus, notifier } = system;
  for (const key of ['first', 'second']) await bus.publish('grading-trigger', { key, payload: {}, correlationId: key });
  for (let refusal = 1; refusal <= 5; refusal += 1) {
    expect(await notifier.incidents()).toEqual([]);
    while (await bus.deliverNext(() => Promise.resolve('nack')));
    clock.moveBy(hours(1));
  }
  expect(bus.deadLetters().map(({ message }) => message.key)).toEqual(['first', 'second']);
  expect(await notifier.incidents()).toMatchObject([{ cause: 'message-dead-lettered', subject: 'grading-trigger--phase6-grade', count: 2 }]);
  await system.close();
});
