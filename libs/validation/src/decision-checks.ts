import { decider, workflowHealthLimits, workflows, type Severity } from '@handoff/catalogue';
import { elapsed, hours, isoInstant, type DurationMs, type EpochMs } from '@handoff/contracts';
import { easternHour } from '@handoff/slate';
import type { ExpectedDecision } from './expected-decisions.ts';
import type { HealthCheck, HealthSeverity } from './health-check.ts';

/** What the controller decided in one hour. */
export interface DecidedHour {
  readonly decidedAt: EpochMs;
  /** Dates of which every game that was over then had a box score, where that is known. */
  readonly collected?: readonly string[];
  readonly decisions: readonly { readonly workflow: string; readonly action: string }[];
}

export interface DecisionFacts {
  /** In order of time: those of the look-back, and the one before it. */
  readonly decided: readonly DecidedHour[];
  /** From when on gaps count. */
  readonly since: EpochMs;
  readonly now: EpochMs;
  /** Why there may be none, where something says so: the error by which the controller failed. */
  readonly suspected?: string;
}

export interface GapThresholds {
  /** Minutes between two decisions that are too many while the gap is open; undefined: only the graver one counts. */
  readonly warning?: DurationMs;
  readonly critical: DurationMs;
}

const minutesOf = (span: number): number => Math.round(span / 60_000);

/**
 * Judges the gap since the last decision while it is open, and those that have closed: a standstill that lasts has no
 * gap between decisions that there are. Of a closed one more than the threshold is an error, twice as much critical.
 */
export function checkDecisionGap({ decided, since, now, suspected }: DecisionFacts, { warning, critical }: GapThresholds): HealthCheck {
  const times = decided.map(({ decidedAt }) => decidedAt);
  const last = times.at(-1);
  const openGap = last === undefined ? undefined : elapsed(last, now);
  const closed = times.slice(1).map((at, index) => ({ from: times[index] ?? at, until: at })).filter(({ until }) => until >= since);
  const longest = closed.reduce((most, { from, until }) => Math.max(most, elapsed(from, until)), 0);
  const late = (gap: number, threshold: DurationMs): boolean => gap > threshold + workflowHealthLimits.decisionSlack;
  const open: HealthSeverity = openGap === undefined || late(openGap, critical) ? 'critical' : warning !== undefined && late(openGap, warning) ? 'warning' : 'ok';
  const past: HealthSeverity = warning !== undefined ? 'ok' : late(longest, (2 * critical) as DurationMs) ? 'critical' : late(longest, critical) ? 'error' : 'ok';
  const severity = open === 'critical' || past === 'critical' ? 'critical' : past === 'error' ? 'error' : open;
  return {
    name: 'decision-gap', severity,
    summary: openGap === undefined ? 'no decision was found' : open !== 'ok' ? `no decision for ${minutesOf(openGap)} minutes` : past !== 'ok' ? `no decision for ${minutesOf(longest)} minutes, over by now` : `last decision ${minutesOf(openGap)} minutes ago`,
    evidence: {
      job: decider, lastDecisionAt: last === undefined ? null : isoInstant(last), openGapMinutes: openGap === undefined ? null : minutesOf(openGap), longestClosedGapMinutes: minutesOf(longest),
      thresholdMinutes: minutesOf(critical), ...(suspected === undefined ? {} : { suspectedCause: suspected }),
    },
  };
}

/** Judges whether enough was decided in every whole hour in which games are played. */
export function checkDecisionFrequency({ decided, since, now }: DecisionFacts): HealthCheck {
  const { decisionsPerHourMin: least, gameHours } = workflowHealthLimits;
  const begun = decided[0]?.decidedAt;
  const few: string[] = [];
  let judged = 0;
  const firstHour = Math.ceil(Math.max(since, begun ?? now) / hours(1)) * hours(1);
  for (let from = firstHour; from + hours(1) <= now; from += hours(1)) {
    const hour = easternHour(from as EpochMs);
    if (hour < gameHours.from || hour >= gameHours.until) continue;
    judged += 1;
    const count = decided.filter(({ decidedAt }) => decidedAt >= from && decidedAt < from + hours(1)).reduce((sum, { decisions }) => sum + decisions.length, 0);
    if (count < least) few.push(`${isoInstant(from as EpochMs)}: ${count}`);
  }
  const severity: Severity | 'ok' = few.length === 0 ? 'ok' : 'warning';
  return { name: 'decision-frequency', severity, summary: few.length === 0 ? `${judged} hours with games have at least ${least} decisions each` : `${few.length} hours with games have fewer than ${least} decisions`, evidence: { hoursJudged: judged, few } };
}

export interface PatternQuestion {
  /** Those of the last days, settled ones too. */
  readonly expected: readonly ExpectedDecision[];
  /** True for who asks to see all that has been: what came late is told of then too. */
  readonly isReview: boolean;
}

/**
 * Judges whether every workflow is decided about, and whether what was expected ahead was run once its window has passed:
 * a night in which all is skipped is seen. What was run late, or is collected by now, is made up for.
 */
export function checkDecisionPattern({ decided, since, now }: DecisionFacts, { expected, isReview }: PatternQuestion): HealthCheck {
  const own = decided.filter(({ decidedAt }) => decidedAt >= since);
  const names = new Set(own.flatMap(({ decisions }) => decisions.map(({ workflow }) => workflow)));
  const undecided = own.length === 0 ? [] : workflows.map(({ name }) => name).filter((name) => !names.has(name));
  const due = expected.filter(({ until }) => until < now).map((one) => ({ one, made: madeUp(one, decided) }));
  const called = ({ workflow, gameDate, until }: ExpectedDecision): string => `${workflow} of ${gameDate}, until ${isoInstant(until)}`;
  const notRun = due.filter(({ made }) => made === 'no').map(({ one }) => called(one));
  const late = due.filter(({ one, made }) => made === 'late' && one.until >= since).map(({ one }) => called(one));
  const severity: HealthSeverity = notRun.length > 0 ? 'error' : undecided.length > 0 || (isReview && late.length > 0) ? 'warning' : 'ok';
  return { name: 'decision-pattern', severity, summary: patternSummary({ notRun, late, undecided, due: due.length }), evidence: { undecided, notRun, late, expected: due.length } };
}

function patternSummary({ notRun, late, undecided, due }: Record<'notRun' | 'late' | 'undecided', readonly string[]> & { readonly due: number }): string {
  if (notRun.length > 0) return `not run: ${notRun.join('; ')}`;
  if (undecided.length > 0) return `${undecided.length} workflows were never decided about`;
  return `${due} expected runs took place${late.length === 0 ? '' : `, ${late.length} of them late`}`;
}

function madeUp({ workflow, gameDate, from, until, orCollected }: ExpectedDecision, decided: readonly DecidedHour[]): 'in-time' | 'late' | 'no' {
  const made = decided.find(({ decidedAt, decisions, collected }) =>
    decidedAt >= from && (decisions.some((one) => one.workflow === workflow && one.action === 'RUN') || (orCollected && collected?.includes(gameDate) === true)));
  return made === undefined ? 'no' : made.decidedAt <= until ? 'in-time' : 'late';
}
