import { before, hours, type DurationMs, type EpochMs, type GameDate, type Sport } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import { loadSlates } from '@handoff/read-models';
import { retryQueue, type RetryDocument } from '@handoff/retry-queue';
import { datesBetween, gameDateOf } from '@handoff/slate';
import { checkCompletion, checkDecisionFrequency, checkDecisionGap, checkDecisionPattern, checkFailedQueue, checkPhaseTiming, checkTransitions, expectedDecisions, type EndedRun } from '@handoff/validation';
import type { HealthReport } from './health-report.ts';
import { loadDecisions } from './load-decisions.ts';
import { loadHandoffs, loadRecentSlates } from './load-handoffs.ts';
import runsOfDates from './runs-of-dates.sql';

export interface WorkflowHealthQuestion {
  readonly sport: Sport;
  readonly lookBackHours: number;
  readonly gapThreshold: DurationMs;
}

/** From a day on it can be said what a day's slates have called for. */
const patternHoursMin = 24;

/** Looks at decisions, hand-offs, runs and the retry queue: requirements F201 to F206, and F009 where it looks back a day. Reads only. */
export async function loadWorkflowHealth(ports: Ports, { sport, lookBackHours, gapThreshold }: WorkflowHealthQuestion): Promise<HealthReport> {
  const now = ports.clock.now();
  const since = before(now, hours(lookBackHours));
  const facts = await loadDecisions(ports, { sport, since, now });
  const runs = await loadRuns(ports, since);
  const fromLog = [checkDecisionGap(facts, { critical: gapThreshold }), checkCompletion(runs), checkDecisionFrequency(facts), checkPhaseTiming(runs)];
  // What only the state store knows is not judged while that does not answer: the gap says why.
  if (facts.suspected !== undefined) return { at: now, checks: fromLog };
  const items = (await ports.state.query<RetryDocument>({ collection: retryQueue, where: [{ field: 'isActive', operator: '==', value: true }] })).map(({ value: { item } }) => ({ name: item.workKey, since: item.firstFailureAt, tries: item.retryCount }));
  const handoffs = (await loadHandoffs(ports, sport, await loadRecentSlates(ports, now))).map(({ name, graceEndsAt, releases }) => ({ name, graceEndsAt, isReleased: releases.length > 0 }));
  const pattern = lookBackHours < patternHoursMin ? [] : [checkDecisionPattern(facts, await loadExpected(ports, gameDateOf(since), gameDateOf(now)))];
  return {
    at: now,
    checks: [checkDecisionGap(facts, { critical: gapThreshold }), checkTransitions(handoffs, now), checkCompletion(runs), checkFailedQueue(items, now), checkDecisionFrequency(facts), checkPhaseTiming(runs), ...pattern],
  };
}

async function loadExpected(ports: Ports, from: GameDate, until: GameDate): Promise<ReturnType<typeof expectedDecisions>> {
  const slates = await loadSlates(ports, from, until);
  return datesBetween(from, until).flatMap((date) => expectedDecisions(date, slates.get(date) ?? []));
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
