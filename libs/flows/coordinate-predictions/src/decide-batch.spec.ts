import { predictionBatchPolicy as policy } from '@handoff/catalogue';
import { after, before, epochMs, minutes, parseInstant, seconds, type EpochMs } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideBatch, type RequestFacts } from './decide-batch.ts';

const start = parseInstant('2026-01-24T13:00:00Z');
const request = (requestId: string, over: Partial<RequestFacts> = {}): RequestFacts => ({ requestId, sentAt: start, attempt: 1, players: 100, answered: 0, answeredAt: undefined, beatAt: undefined, ...over });
const answered = (requestId: string, over: Partial<RequestFacts> = {}): RequestFacts => request(requestId, { answered: 100, answeredAt: after(start, minutes(1)), ...over });
const decide = (requests: readonly RequestFacts[], now: EpochMs) => decideBatch(requests, policy, now);
const at = (minute: number): EpochMs => after(start, minutes(minute));

describe('a batch', () => {
  it('is complete when every request is answered for every player, however old it is', () => {
    expect(decide([answered('a'), answered('b')], at(600))).toMatchObject({ verdict: 'complete', isStalled: false, share: 1 });
  });

  it.each<readonly [minute: number, failed: number, verdict: string, isStalled: boolean]>([
    [10.9, 1, 'wait', false], [11, 1, 'end-without', true], [11, 10, 'end-without', true], [11, 11, 'send-again', true], [10.9, 11, 'wait', false],
  ])('after %s minutes with %i of 200 players failed: %s, stalled %s', (minute, failed, verdict, isStalled) => {
    expect(decide([answered('a'), answered('b', { answered: 100 - failed })], at(minute))).toMatchObject({ verdict, isStalled });
  });

  it('names what it ends without, and why', () => {
    expect(decide([answered('a'), answered('b', { answered: 95 })], at(11))).toMatchObject({ verdict: 'end-without', reason: 'nearly-all-answered', outstanding: ['b'] });
  });
});

describe('a request below 95 %', () => {
  it.each<readonly [what: string, minute: number, beatMinute: number | undefined, attempt: number, verdict: string, silent: boolean]>([
    ['that nobody took up waits', 9.9, undefined, 1, 'wait', false],
    ['that nobody took up is sent again', 10, undefined, 1, 'send-again', false],
    ['whose worker beats is left to it, stalled or not', 14, 10, 1, 'wait', false],
    ['whose worker is silent for 300 s is told of', 15, 10, 1, 'wait', true],
    ['whose worker is silent for just under 900 s is left to it', 24.9, 10, 1, 'wait', true],
    ['whose worker is silent for 900 s is sent again', 25, 10, 1, 'send-again', true],
    ['that was sent four times is not sent again', 10, undefined, 4, 'end-without', false],
    ['that was sent four times, and has a worker, is waited for', 14, 10, 4, 'wait', false],
  ])('%s', (_, minute, beatMinute, attempt, verdict, silent) => {
    const decision = decide([request('a', { attempt, beatAt: beatMinute === undefined ? undefined : at(beatMinute) })], at(minute));
    expect(decision).toMatchObject({ verdict, silent: silent ? ['a'] : [] });
  });

  it('is sent again on account of a dead worker while the others go on', () => {
    const decision = decide([request('a', { beatAt: at(0) }), answered('b', { answeredAt: at(14) }), request('c', { beatAt: at(14) })], at(15));
    expect(decision).toMatchObject({ verdict: 'send-again', requests: ['a'], isStalled: false });
  });

  it('is one of those that are sent again, beside one that has used up its sendings', () => {
    expect(decide([request('a', { attempt: 4 }), request('b')], at(10))).toMatchObject({ verdict: 'send-again', requests: ['b'] });
  });

  it('was sent: the ten minutes begin anew', () => {
    expect(decide([request('a', { attempt: 2, sentAt: at(10) })], at(19))).toMatchObject({ verdict: 'wait', isStalled: false });
  });
});

describe('whatever the requests are', () => {
  const facts = fc.record({
    sentAt: fc.nat(40), attempt: fc.integer({ min: 1, max: 4 }), players: fc.integer({ min: 1, max: 200 }), lacking: fc.integer({ min: 0, max: 30 }), hasAnswer: fc.boolean(), beat: fc.option(fc.nat(40), { nil: undefined }),
  }).map(({ sentAt, attempt, players, lacking, hasAnswer, beat }, ): RequestFacts => ({
    requestId: `${sentAt}-${attempt}`, attempt, players, sentAt: at(sentAt), answered: hasAnswer ? Math.max(0, players - lacking) : 0, answeredAt: hasAnswer ? at(40) : undefined, beatAt: beat === undefined ? undefined : at(beat),
  }));
  const now = before(at(70), seconds(0));

  it('nothing answered in full, nothing in a living worker’s hand and nothing out of sendings is sent again', () => {
    fc.assert(fc.property(fc.array(facts, { minLength: 1, maxLength: 6 }), (requests) => {
      const decision = decide(requests.map((one, index) => ({ ...one, requestId: String(index) })), now);
      if (decision.verdict !== 'send-again') return;
      for (const id of decision.requests) {
        const one = requests[Number(id)]!;
        expect(one.attempt).toBeLessThan(policy.sendsMax);
        expect(one.answeredAt === undefined || one.answered < one.players).toBe(true);
        expect(one.beatAt === undefined || now - one.beatAt >= policy.deadAfterMs).toBe(true);
      }
    }));
  });

  it('a batch whose requests come to nothing ends, after four sendings of each at most', () => {
    fc.assert(fc.property(fc.array(facts, { minLength: 1, maxLength: 6 }), (drawn) => {
      let requests = drawn.map((one, index): RequestFacts => ({ ...one, requestId: String(index) }));
      let time: EpochMs = epochMs(at(40));
      for (let check = 0; check < 30; check += 1) {
        const decision = decide(requests, time);
        if (decision.verdict === 'complete' || decision.verdict === 'end-without') return;
        if (decision.verdict === 'send-again') requests = requests.map((one) => (decision.requests.includes(one.requestId) ? { ...one, attempt: one.attempt + 1, sentAt: time, beatAt: undefined } : one));
        time = after(time, minutes(5));
      }
      expect.unreachable('still open after two and a half hours without any answer');
    }));
  });
});
