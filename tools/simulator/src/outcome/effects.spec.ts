import { subscriptions, tableSubscriptions, deadLetterName, deadLettersOf } from '@handoff/catalogue';
import { epochMs } from '@handoff/contracts';
import type { LocalEvent } from '@handoff/local';
import { describe, expect, it } from 'vitest';
import { Effects } from './effects.ts';

const at = epochMs(Date.UTC(2026, 0, 25, 8));
const [ofFunction, ofTable] = [subscriptions[0]!.name, tableSubscriptions[0]!.name];

interface Answered {
  readonly subscription: string;
  readonly messageId: string;
  readonly outcome?: string;
  readonly status?: number;
  readonly redrive?: string;
}

const answered = ({ subscription, messageId, outcome = 'done', status = 200, redrive }: Answered): LocalEvent => ({
  at, function: 'spec', trigger: 'message', response: { status, body: { outcome } },
  delivery: { subscription, messageId, publishedAt: at, attempt: 1, message: { key: 'work', correlationId: 'chain', payload: {}, ...(redrive === undefined ? {} : { redrive }) } },
});

function twiceOf(...events: readonly Answered[]): readonly string[] {
  const effects = new Effects();
  for (const event of events) effects.note(answered(event));
  return effects.doneTwice();
}

describe('work that took effect twice', () => {
  it('is one key that was answered as done by two messages', () => {
    expect(twiceOf({ subscription: ofFunction, messageId: 'a' }, { subscription: ofFunction, messageId: 'b' })).toEqual([`spec ${ofFunction} work: 2 times`]);
  });

  it.each([
    ['was dropped as a duplicate', { outcome: 'duplicate' }],
    ['was left to the retry queue', { outcome: 'queued' }],
    ['failed', { outcome: 'failed', status: 500 }],
    ['was sent again by hand, and is meant to be worked on again', { redrive: '1' }],
  ])('is none where the second %s', (_, second) => {
    expect(twiceOf({ subscription: ofFunction, messageId: 'a' }, { subscription: ofFunction, messageId: 'b', ...second })).toEqual([]);
  });

  it('is none where a message that was published twice has ended as two dead letters, and is where one letter was kept twice', () => {
    const letters = deadLetterName(ofTable);
    expect(deadLettersOf(letters)).toBeDefined();
    expect(twiceOf({ subscription: letters, messageId: 'a' }, { subscription: letters, messageId: 'b' })).toEqual([]);
    expect(twiceOf({ subscription: letters, messageId: 'a' }, { subscription: letters, messageId: 'a' })).toEqual([`spec ${letters} work a: 2 times`]);
  });
});
