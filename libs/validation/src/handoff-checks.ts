import { phaseMonitorLimits } from '@handoff/catalogue';
import { elapsed, isoInstant, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { HealthCheck, HealthSeverity } from './health-check.ts';

/** A release, and what has become of it. */
export interface ReleasedRun {
  readonly releaseId: string;
  readonly releasedAt: EpochMs;
  /** absent: its receiver has not taken it up. ended: its work is done, or refused. */
  readonly work: 'absent' | 'begun' | 'ended';
}

const minutesOf = (span: number): number => Math.round(span / 60_000);

/** Judges how long ago something was released that nobody has taken up. */
export function checkTransitionDelay(runs: readonly ReleasedRun[], now: EpochMs): HealthCheck {
  const { warning, error } = phaseMonitorLimits.transitionDelay;
  return judgeOldest({ name: 'transition-delay', runs: runs.filter(({ work }) => work === 'absent'), what: 'released and not started', limits: [['error', error], ['warning', warning]] }, now);
}

/** Judges how long ago something was taken up that has not ended. */
export function checkStuckRuns(runs: readonly ReleasedRun[], now: EpochMs): HealthCheck {
  return judgeOldest({ name: 'stuck-runs', runs: runs.filter(({ work }) => work === 'begun'), what: 'begun and not ended', limits: [['error', phaseMonitorLimits.stuckAfter]] }, now);
}

interface Judged {
  readonly name: HealthCheck['name'];
  readonly runs: readonly ReleasedRun[];
  readonly what: string;
  /** The worst first. */
  readonly limits: readonly (readonly [HealthSeverity, DurationMs])[];
}

function judgeOldest({ name, runs, what, limits }: Judged, now: EpochMs): HealthCheck {
  const longest = runs.reduce((most, { releasedAt }) => Math.max(most, elapsed(releasedAt, now)), 0);
  const severity = limits.find(([, limit]) => longest > limit)?.[0] ?? 'ok';
  return { name, severity, summary: runs.length === 0 ? `nothing is ${what}` : `${runs.length} runs are ${what}, the first released ${minutesOf(longest)} minutes ago`, evidence: { runs: runs.map(({ releaseId, releasedAt }) => `${releaseId} since ${isoInstant(releasedAt)}`) } };
}

/** Where a hand-off stands whose gate has decided. */
export interface JudgedHandoff {
  readonly name: string;
  readonly verdict: string;
  /** 0 to 1. */
  readonly coverage: number;
}

/** Judges how much of what they need the hand-offs went ahead with, or are held back for the lack of. */
export function checkCompleteness(handoffs: readonly JudgedHandoff[]): HealthCheck {
  const { warning, error } = phaseMonitorLimits.completenessPct;
  const lacking = handoffs.filter(({ verdict }) => verdict === 'release-degraded' || verdict === 'block');
  const least = lacking.reduce((most, { coverage }) => Math.min(most, 100 * coverage), 100);
  const severity: HealthSeverity = least < error ? 'error' : least < warning ? 'warning' : 'ok';
  return { name: 'completeness', severity, summary: lacking.length === 0 ? 'every hand-off had what it needs' : `${lacking.length} hand-offs lack something, one has ${least.toFixed(0)} % of what it needs`, evidence: { handoffs: handoffs.length, lacking: lacking.map(({ name, verdict, coverage }) => `${name}: ${verdict} with ${(100 * coverage).toFixed(0)} %`) } };
}

export interface PredictionFacts {
  readonly gameDate: string;
  /** Tip-offs of the slate's games that were not postponed. */
  readonly tipOffs: readonly EpochMs[];
  readonly dueAt: EpochMs;
  readonly arePublished: boolean;
}

/** Judges whether a slate has predictions when it should, as long as there is a game left to predict. */
export function checkPredictions({ gameDate, tipOffs, dueAt, arePublished }: PredictionFacts, now: EpochMs): HealthCheck {
  const isDue = now >= dueAt && tipOffs.some((at) => at > now);
  const severity: HealthSeverity = isDue && !arePublished ? 'critical' : 'ok';
  return { name: 'predictions-late', severity, summary: severity === 'ok' ? (arePublished ? `${gameDate} has predictions` : 'no predictions are due') : `${gameDate} has ${tipOffs.length} games and no predictions`, evidence: { gameDate, games: tipOffs.length, dueAt: isoInstant(dueAt) } };
}
