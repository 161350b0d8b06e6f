import { decider, decisionGap, jobs, silentAfter, watchdog, watchedJobs } from '@handoff/catalogue';
import { before, epochMs, hours, milliseconds, minutes, type DurationMs, type EpochMs } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { judgeJobs, judgePart, newPart, type JobBeat, type PartMemory, type ProbeResult } from './index.ts';

const now = epochMs(Date.UTC(2026, 0, 24, 12));
const well: ProbeResult = { kind: 'well' };
const failed = (disposition: 'retry' | 'defer'): ProbeResult => ({ kind: 'failed', code: 'state-unavailable', message: 'no answer', disposition, facts: {} });

describe('a part of the platform', () => {
  const verdicts = (...results: readonly ProbeResult[]): readonly string[] => {
    let memory: PartMemory = newPart;
    return results.map((result) => {
      const judged = judgePart(memory, result, now);
      memory = judged.memory;
      return judged.verdict;
    });
  };

  it('that does not answer twice in a row is away, and once is not', () => {
    expect(verdicts(failed('retry'), well, failed('retry'), failed('retry'), failed('retry'), well)).toEqual(['missed', 'well', 'missed', 'away', 'away', 'well']);
  });

  it('that refuses is told of at once', () => { expect(verdicts(failed('defer'))).toEqual(['refused']); });

  it('that was not seen is as it was', () => { expect(verdicts(failed('retry'), { kind: 'unseen' }, failed('retry'))).toEqual(['missed', 'unseen', 'away']); });

  it('is remembered since when it answers, or does not', () => {
    const away = judgePart(newPart, failed('retry'), now).memory;
    expect([away.awaySince, judgePart(away, failed('retry'), epochMs(now + 1)).memory.awaySince, judgePart(away, well, epochMs(now + 2)).memory]).toEqual([now, now, { misses: 0, awaySince: null, wellSince: now + 2 }]);
  });
});

describe('a job', () => {
  const since = before(now, hours(48));
  const beat = (job: string, ago: DurationMs, isComplete = true): JobBeat => ({ job, at: before(now, ago), outcome: isComplete ? 'done' : 'retry', isComplete });
  const fresh = (...others: readonly JobBeat[]): readonly JobBeat[] => [...watchedJobs.filter(({ name }) => !others.some(({ job }) => job === name)).map(({ name }) => beat(name, milliseconds(0))), ...others];
  const found = (beats: readonly JobBeat[], from: EpochMs = since) => judgeJobs(watchedJobs, beats, { since: from, now }).map(({ cause, job, severity }) => `${cause} ${job} ${severity}`);

  it.each(watchedJobs)('$name is silent after its interval and some, and not before', (job) => {
    const last = silentAfter(job);
    expect(found(fresh(beat(job.name, last)))).toEqual([]);
    expect(found(fresh(beat(job.name, milliseconds(last + 1))))).toEqual([`job-silent ${job.name} error`]);
  });

  it('of which nobody has ever heard is silent when it has been looked for long enough', () => {
    const others = fresh().filter(({ job }) => job !== decider);
    expect(found(others, before(now, minutes(70)))).toEqual([]);
    expect(found(others, before(now, minutes(71)))).toEqual([`job-silent ${decider} error`]);
  });

  it('that could not be seen is given its time from when it can', () => {
    expect(found(fresh(beat(decider, hours(40))), before(now, minutes(5)))).toEqual([]);
  });

  it('that runs and decides nothing is told of after an hour, and is critical after two', () => {
    const failing = (gap: DurationMs) => found([...fresh().filter(({ job }) => job !== decider), beat(decider, gap), beat(decider, minutes(1), false)]);
    expect([failing(decisionGap.error), failing(minutes(61)), failing(minutes(121))]).toEqual([[], [`decisions-absent ${decider} error`], [`decisions-absent ${decider} critical`]]);
  });

  it('that runs and does not come to its end is told of, and one that failed once is not', () => {
    const name = 'ledger-reconciler';
    const others = fresh().filter(({ job }) => job !== name);
    expect(found([...others, beat(name, minutes(31)), beat(name, minutes(1), false)])).toEqual([]);
    expect(found([...others, beat(name, hours(2)), beat(name, minutes(1), false)])).toEqual([`job-failing ${name} error`]);
    expect(found([...others, beat(name, minutes(1)), beat(name, hours(2), false)])).toEqual([]);
  });
});

it('every job but the watchdog is looked after', () => {
  expect(watchedJobs.map(({ name }) => name)).toEqual(jobs.map(({ name }) => name).filter((name) => name !== watchdog));
});
