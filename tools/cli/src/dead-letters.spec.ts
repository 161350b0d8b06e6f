import { parseInstant } from '@handoff/contracts';
import { deadLetterId, deadLetterRef, type DeadLetterDocument } from '@handoff/dead-letters';
import type { StateDocument } from '@handoff/ports';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliWorld } from './cli-world.ts';

const now = parseInstant('2026-01-25T11:00:00Z');
let world: CliWorld;
beforeEach(() => { world = new CliWorld(now); });
afterEach(() => { world.remove(); });

const letter: DeadLetterDocument = {
  status: 'waiting', subscription: 'grading-trigger--phase6-grade', message: { key: 'work', correlationId: 'chain', payload: { runs: [] } }, messageId: 'm1', letters: 1, deliveries: 5,
  publishedAt: now, keptAt: now, redrives: 0, tries: 5, redriveAt: null, isTold: true, reason: 'its function failed at it: failed',
};
const id = deadLetterId(letter.subscription, 'work');
const kept = () => world.act(({ state }) => state.create(deadLetterRef(letter), letter));
const letters = (...args: readonly string[]) => world.run('dead-letters', ...args);

it('none that waits is fine', async () => {
  await world.act(() => Promise.resolve());
  expect(await letters('list')).toMatchObject({ code: 0, answer: { schema: 'handoff.dead-letters/1', letters: [] } });
});

it('one that waits is an error, is listed without its payload, and shown with it', async () => {
  await kept();
  expect(await letters('list')).toMatchObject({ code: 2, answer: { letters: [{ id, subscription: letter.subscription, key: 'work', deliveries: 5, reason: 'its function failed at it: failed' }] } });
  expect(await letters('show', id)).toMatchObject({ code: 0, answer: { schema: 'handoff.dead-letter/1', id, payload: { runs: [] } } });
});

it('one that is sent again waits no longer, and its message is due; a dry run sends nothing', async () => {
  await kept();
  expect(await letters('redrive', '--all', '--dry-run')).toMatchObject({ code: 0, answer: { dryRun: true, letters: [{ id, status: 'redriven' }] } });
  expect((await letters('list')).code).toBe(2);
  expect(await letters('redrive', id)).toMatchObject({ code: 0, answer: { dryRun: false, letters: [{ id, status: 'redriven', redrives: 1 }] } });
  expect((await letters('list')).code).toBe(0);
  const due: StateDocument[] = [];
  await world.act(async ({ state }) => { due.push(...(await state.query({ collection: 'deferred' })).map(({ value }) => value)); });
  expect(due).toMatchObject([{ topic: 'grading-trigger', dueAt: now, message: { key: 'work', redrive: `dead-letter_${id}_1` } }]);
});

it.each([[['redrive', 'no-such-letter'], 'there is no message no-such-letter'], [['redrive'], 'name the messages'], [['redrive', 'x', '--all'], 'name the messages'], [['show', 'x'], 'there is no message x']])('%j is a usage error that says what is wrong', async (args, says) => {
  await kept();
  const { code, told } = await letters(...args);
  expect(code).toBe(64);
  expect(told).toContain(says);
});
