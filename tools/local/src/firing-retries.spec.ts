import { firingRetriesOf, intervalOf, jobs } from '@handoff/catalogue';
import { after, epochMs, minutes, seconds } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { FiringRetries, type MadeFiring } from './firing-retries.ts';

const scheduledAt = epochMs(Date.parse('2026-01-24T12:00:00Z'));
const first: MadeFiring = { job: 'phase-monitor', at: scheduledAt, scheduledAt, retries: 0 };

/** Every try of a firing that is answered so each time. */
function triesOf(firing: MadeFiring, status: number): readonly MadeFiring[] {
  const retries = new FiringRetries(jobs);
  const tries: MadeFiring[] = [firing];
  retries.note(firing, status, firing.at);
  for (let next = retries.nextAt(); next !== undefined; next = retries.nextAt()) {
    for (const due of retries.take(next)) {
      tries.push(due);
      retries.note(due, status, due.at);
    }
  }
  return tries;
}

describe('a firing', () => {
  it.each([500, 503, 504, 403, 404, 429])('that is answered with %i is made three times more, each time as the same one', (status) => {
    const tries = triesOf(first, status);
    expect(tries.map(({ at }) => at)).toEqual([0, 30, 90, 210].map((span) => after(scheduledAt, seconds(span))));
    expect(new Set(tries.map((one) => one.scheduledAt))).toEqual(new Set([scheduledAt]));
  });

  it.each([200, 204])('that is answered with %i is not made again', (status) => {
    expect(triesOf(first, status)).toHaveLength(1);
  });

  it.each(['outbox-sweeper', 'watchdog', 'phase5-predict-coordinator', 'self-heal'])('of %s is not: the next does as well, and comes soon', (job) => {
    expect(triesOf({ ...first, job }, 503)).toHaveLength(1);
  });

  it('whose time has not come waits', () => {
    const retries = new FiringRetries(jobs);
    retries.note(first, 503, scheduledAt);
    expect(retries.take(after(scheduledAt, seconds(29)))).toEqual([]);
    expect(retries.isAnyWaiting).toBe(true);
    expect(retries.take(after(scheduledAt, seconds(30)))).toHaveLength(1);
    expect(retries.isAnyWaiting).toBe(false);
  });
});

it('no firing is still made again when its job fires next', () => {
  for (const job of jobs) expect(firingRetriesOf(job).reduce((sum, wait) => sum + wait, 0)).toBeLessThan(Math.min(intervalOf(job), minutes(15)));
});
