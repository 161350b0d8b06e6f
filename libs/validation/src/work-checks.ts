import { phaseTimes, workflowHealthLimits } from '@handoff/catalogue';
import { elapsed, isoInstant, type EpochMs, type Phase } from '@handoff/contracts';
import { worstHealthOf, type HealthCheck, type HealthSeverity } from './health-check.ts';

/** A hand-off that a slate calls for. */
export interface DueHandoff {
  /** From, to, date and flow, for people. */
  readonly name: string;
  /** When its gate has waited long enough. */
  readonly graceEndsAt: EpochMs;
  readonly isReleased: boolean;
}

/** Judges whether hand-offs move: idle is the time since one that is due should have been released at the latest. */
export function checkTransitions(handoffs: readonly DueHandoff[], now: EpochMs): HealthCheck {
  const { transitionIdle } = workflowHealthLimits;
  const idle = handoffs.filter(({ isReleased, graceEndsAt }) => !isReleased && graceEndsAt <= now).map((one) => ({ ...one, idleFor: elapsed(one.graceEndsAt, now) }));
  const longest = idle.reduce((most, { idleFor }) => Math.max(most, idleFor), 0);
  const severity: HealthSeverity = longest >= transitionIdle.error ? 'error' : longest >= transitionIdle.warning ? 'warning' : 'ok';
  const waiting = idle.map(({ name, graceEndsAt }) => `${name} since ${isoInstant(graceEndsAt)}`);
  return { name: 'phase-transitions', severity, summary: severity === 'ok' ? 'no hand-off is idle' : `${idle.length} hand-offs are due and not released, the first for ${Math.round(longest / 3_600_000)} hours`, evidence: { released: handoffs.filter(({ isReleased }) => isReleased).length, waiting } };
}

/** A run of a processor or of a phase that has ended. */
export interface EndedRun {
  readonly runId: string;
  readonly kind: 'processor-run' | 'phase-run' | 'function-run';
  readonly name: string;
  readonly phase: string | null;
  readonly status: string;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
}

const failedStatuses: ReadonlySet<string> = new Set(['failed', 'rejected']);

/** Judges how many runs of processors come to a good end, by the last word on each; a processor of which none does is named (incident 86). */
export function checkCompletion(runs: readonly EndedRun[]): HealthCheck {
  const { completionMinPct, completionRunsMin, failedRunsMax } = workflowHealthLimits;
  const last = [...new Map(runs.toSorted((left, right) => left.endedAt - right.endedAt).map((run) => [`${run.kind}|${run.runId}`, run])).values()];
  const processors = last.filter(({ kind }) => kind === 'processor-run');
  const failed = last.filter(({ status }) => failedStatuses.has(status));
  const whole = processors.filter(({ status }) => !failedStatuses.has(status)).length;
  const ratePct = processors.length === 0 ? 100 : (100 * whole) / processors.length;
  const neverSucceeded = [...new Set(processors.map(({ name }) => name))].filter((name) => {
    const own = processors.filter((run) => run.name === name);
    return own.length >= completionRunsMin && own.every(({ status }) => failedStatuses.has(status));
  });
  const severity: HealthSeverity = failed.length > failedRunsMax || neverSucceeded.length > 0 ? 'error' : processors.length >= completionRunsMin && ratePct < completionMinPct ? 'warning' : 'ok';
  return { name: 'processor-completion', severity, summary: `${ratePct.toFixed(0)} % of ${processors.length} processor runs came to a good end, ${failed.length} runs failed${neverSucceeded.map((name) => `; no run of ${name} did`).join('')}`, evidence: { runs: processors.length, completedPct: Math.round(ratePct), neverSucceeded, failed: failed.slice(0, 10).map(({ name, runId }) => `${name}: ${runId}`) } };
}

/** An item of the retry queue that is not at its end. */
export interface QueuedWork {
  readonly name: string;
  readonly since: EpochMs;
  readonly tries: number;
}

/** Judges what waits to be tried again: too long, or too often. */
export function checkFailedQueue(items: readonly QueuedWork[], now: EpochMs): HealthCheck {
  const { queueAge, queueTriesMax } = workflowHealthLimits;
  const old = items.filter(({ since }) => elapsed(since, now) > queueAge);
  const often = items.filter(({ tries }) => tries >= queueTriesMax);
  const severity: HealthSeverity = old.length > 0 ? 'error' : often.length > 0 ? 'warning' : 'ok';
  return { name: 'failed-queue', severity, summary: `${items.length} items wait to be tried again, ${old.length} for more than ${queueAge / 3_600_000} hours, ${often.length} after ${queueTriesMax} tries or more`, evidence: { items: items.length, old: old.map(({ name }) => name).slice(0, 10), often: often.map(({ name }) => name).slice(0, 10) } };
}

/** Judges how long runs of phases took: more than planned is told with the answer, more than twice that is a violation. */
export function checkPhaseTiming(runs: readonly EndedRun[]): HealthCheck {
  const timed = runs.flatMap((run) => {
    const limit = phaseTimes[(run.phase ?? run.name) as Phase];
    return run.kind !== 'phase-run' || limit === undefined ? [] : [{ run, limit, took: elapsed(run.startedAt, run.endedAt) }];
  });
  const lineOf = ({ run, took, limit }: (typeof timed)[number]): string => `${run.runId}: ${Math.round(took / 60_000)} of ${limit / 60_000} minutes`;
  const slow = timed.filter(({ took, limit }) => took > limit);
  const violations = slow.filter(({ took, limit }) => took > 2 * limit);
  return { name: 'phase-timing', severity: worstHealthOf(violations.map(() => 'warning' as const)), summary: violations.length === 0 ? `${timed.length} phase runs, ${slow.length} slower than planned` : `${violations.length} phase runs took more than twice their time`, evidence: { runs: timed.length, slow: slow.map(lineOf).slice(0, 10), violations: violations.map(lineOf).slice(0, 10) } };
}

