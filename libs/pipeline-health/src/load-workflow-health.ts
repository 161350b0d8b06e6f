import { workflowHealthLimits } from '@handoff/catalogue';
import { before, hours, type DurationMs, type EpochMs, type Sport } from '@handoff/contracts';
import { readEvaluations, readExpectedDecisions } from '@handoff/decision-state';
import type { Ports } from '@handoff/ports';
import { isLate } from '@handoff/retry';
import { retryQueue, type RetryDocument } from '@handoff/retry-queue';
import { addDays, datesBetween, easternTime, gameDateOf } from '@handoff/slate';
import { checkCompletion, checkDecisionFrequency, checkDecisionGap, checkDecisionPattern, checkFailedQueue, checkPhaseTiming, checkTransitions, type DecisionFacts, type EndedRun, type HealthCheck } from '@handoff/validation';
import type { HealthReport } from './health-report.ts';
import { loadDecisions } from './load-decisions.ts';
import { loadHandoffs, loadRecentSlates } from './load-handoffs.ts';
import runsOfDates from './runs-of-dates.sql';

export interface WorkflowHealthQuestion {
  readonly sport: Sport;
  readonly lookBackHours: number;
  readonly gapThreshold: DurationMs;
  /** True for who asks to see all that has been; a monitor tells of what is over once. */
  readonly isReview: boolean;
}

/** US Eastern: a date is compared for the last time at noon of the next. */
const workEndsHour = 12;

/** Looks at decisions, hand-offs, runs and the retry queue: requirements F201 to F206, and F009. Reads only. */
export async function loadWorkflowHealth(ports: Ports, { sport, lookBackHours, gapThreshold, isReview }: WorkflowHealthQuestion): Promise<HealthReport> {
  const now = ports.clock.now();
  const since = before(now, hours(lookBackHours));
  const facts = await loadDecisions(ports, { sport, since, now });
  const runs = await loadRuns(ports, since);
  const lately = (span: DurationMs): DecisionFacts => (isReview ? facts : { ...facts, since: before(now, span) });
  const gap = checkDecisionGap(lately(workflowHealthLimits.closedGapToldFor), { critical: gapThreshold });
  const frequency = checkDecisionFrequency(lately(workflowHealthLimits.hourToldFor));
  const [completion, timing] = [checkCompletion(runs), checkPhaseTiming(runs)];
  // What only the state store knows is not judged while that does not answer: the gap says why.
  if (facts.suspected !== undefined) return { at: now, checks: [gap, completion, frequency, timing] };
  // Of what was given up people know, and its late tries come and go.
  const items = (await ports.state.query<RetryDocument>({ collection: retryQueue, where: [{ field: 'isActive', operator: '==', value: true }] })).filter(({ value: { item } }) => !isLate(item)).map(({ value: { item } }) => ({ name: item.workKey, since: item.firstFailureAt, tries: item.retryCount }));
  const handoffs = (await loadHandoffs(ports, sport, await loadRecentSlates(ports, now))).map(({ name, graceEndsAt, releases }) => ({ name, graceEndsAt, isReleased: releases.length > 0 }));
  const pattern = await judgePattern(facts, { ports, sport, isReview });
  return { at: now, checks: [gap, checkTransitions(handoffs, now), completion, checkFailedQueue(items, now), frequency, timing, pattern] };
}

interface Pattern {
  readonly ports: Ports;
  readonly sport: Sport;
  readonly isReview: boolean;
}

/** What was expected ahead of the dates that are looked back on, and of yesterday until its work is over, beside all that was decided since the first of it was due. */
async function judgePattern(facts: DecisionFacts, { ports, sport, isReview }: Pattern): Promise<HealthCheck> {
  const { since, now } = facts;
  const today = gameDateOf(now);
  const unfinished = now < easternTime(today, workEndsHour, 0) ? addDays(today, -1) : today;
  const first = gameDateOf(since) < unfinished ? gameDateOf(since) : unfinished;
  const expected = (await readExpectedDecisions(ports.state, sport, datesBetween(first, today))).filter(({ until }) => until < now);
  const from = expected.reduce((least, one) => (one.from < least ? one.from : least), since);
  const decided = from < since ? await readEvaluations(ports.state, sport, { from, until: now }) : facts.decided;
  return checkDecisionPattern({ decided, since, now }, { expected, isReview });
}

interface RunRow {
  readonly [column: string]: unknown;
  readonly run_id: string;
  readonly event_type: EndedRun['kind'];
  readonly name: string;
  readonly phase: string | null;
  readonly status: string;
  readonly started_at: EpochMs;
  readonly occurred_at: EpochMs;
}

/** Asked from the beginning of a day on, so that the same question is the same statement for a day. */
async function loadRuns({ warehouse }: Ports, since: EpochMs): Promise<readonly EndedRun[]> {
  const day = Math.floor(since / 86_400_000) * 86_400_000;
  const rows = await warehouse.query<RunRow>({ name: 'pipeline-health/runs-of-dates', text: runsOfDates }, { since: { type: 'TIMESTAMP', value: day } });
  return rows.filter((row) => row.occurred_at >= since).map((row) => ({ runId: row.run_id, kind: row.event_type, name: row.name, phase: row.phase, status: row.status, startedAt: row.started_at, endedAt: row.occurred_at }));
}
