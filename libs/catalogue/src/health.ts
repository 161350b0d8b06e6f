import { hours, minutes, type DurationMs, type Phase } from '@handoff/contracts';
import { decisionGap } from './monitoring.ts';

/** What `workflow-health` looks at: requirements F201 to F206, and F009 where it looks back a day. */
export const workflowChecks = ['decision-gap', 'phase-transitions', 'processor-completion', 'failed-queue', 'decision-frequency', 'phase-timing', 'decision-pattern'] as const;
/** What `phase-monitor` looks at: requirement F214. */
export const phaseChecks = ['decision-gap', 'transition-delay', 'stuck-runs', 'completeness', 'predictions-late'] as const;
export type HealthCheckName = (typeof workflowChecks)[number] | (typeof phaseChecks)[number];

/** How `workflow-health` is asked where nobody says otherwise, how far back at most, and by its job (reference section 14, requirement F230). The log of decisions is kept for 90 days, but nobody asks the controller's hours one by one for more than two weeks. */
export const workflowHealthDefaults = { lookBackHours: 24, gapThreshold: minutes(120), lookBackHoursMax: 24 * 14, gapThresholdMax: minutes(24 * 60), jobLookBackHours: 4, jobGapThreshold: minutes(60) } as const;

/** How far back the last decision is looked for: longer than the longest gap there was, 45.2 hours. */
export const decisionLookBackHours = 72;

/** Numbers of the six checks: reference section 14, the owner's. */
export const workflowHealthLimits = {
  /** An hourly decision may come this much late: it is no gap then. */
  decisionSlack: minutes(5),
  /** What is over is told by the job's next look alone, well within the aftermath of whatever it follows from; a review tells of all that it looks back on. */
  closedGapToldFor: minutes(45),
  /** An hour is judged by the look at its end. */
  hourToldFor: minutes(70),
  transitionIdle: { warning: hours(6), error: hours(12) },
  completionMinPct: 80,
  /** Rates of fewer runs say nothing. */
  completionRunsMin: 5,
  failedRunsMax: 10,
  queueAge: hours(4),
  queueTriesMax: 3,
  decisionsPerHourMin: 5,
  /** US Eastern, in which most games are played and most is decided. */
  gameHours: { from: 17, until: 24 },
} as const;

/** How long a run of a phase may take (requirement F206); from twice that on it is a violation. */
export const phaseTimes: Readonly<Partial<Record<Phase, DurationMs>>> = {
  phase2: minutes(30), phase3: minutes(60), phase4: minutes(45), phase5: minutes(30), 'phase6-publish': minutes(15), 'phase6-grade': minutes(15),
};

/** Numbers of the daily summary: reference section 14, daily_health_summary. */
export const daySummaryLimits = {
  lookBackHours: 48,
  decisionGap: { warning: minutes(120), critical: minutes(360) },
  /** Fewer players with predictions than this are few, unless the slate is small: then than so many for each game. */
  playersMin: 50,
  playersPerGameMin: 8,
  trendDays: 7,
} as const;

/** Numbers of `phase-monitor`: requirement F214. */
export const phaseMonitorLimits = {
  decisionGap: { warning: decisionGap.error, critical: decisionGap.critical },
  /** Longer than a message may lie before it is a dead letter, which people are told of by name. */
  scrapesLookBack: hours(6),
  /** Longer than a message takes when its receiver is slow to start, and early enough that what is sent again is taken up before it is told of. */
  sentAgainAfter: minutes(15),
  transitionDelay: { warning: minutes(30), error: minutes(60) },
  stuckAfter: minutes(240),
  /** Percent of what a released phase run needs (reference section 14, daily_reconciliation). */
  completenessPct: { warning: 95, error: 80 },
  /** US Eastern: by then a slate has predictions. */
  predictionsDue: { days: 0, hour: 10, minute: 0 },
} as const;
