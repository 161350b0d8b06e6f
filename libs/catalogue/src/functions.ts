import { deadLetterSubscriptions } from './dead-letters.ts';
import { jobs } from './jobs.ts';
import { subscriptions, type Topic } from './topics.ts';

/** Every deployed function, in the order in which the pipeline reaches them. */
export const functionNames = [
  'master-controller',
  'phase1-scrape',
  'phase2-raw',
  'phase2-to-phase3',
  'phase3-analytics',
  'phase3-to-phase4',
  'phase4-features',
  'phase4-to-phase5',
  'phase5-predict-coordinator',
  'phase5-predict-worker',
  'phase5-to-phase6',
  'phase6-publish',
  'phase3-to-grading',
  'phase6-grade',
  'expectation-planner',
  'ledger-reconciler',
  'outbox-sweeper',
  'auto-retry-processor',
  'dead-letter-redrive',
  'boxscore-completeness',
  'boxscore-backfill',
  'self-heal',
  'daily-reconciliation',
  'watchdog',
  'workflow-health',
  'phase-monitor',
  'daily-health-summary',
] as const;

export type FunctionName = (typeof functionNames)[number];

/** How a function is reached: by its subscriptions, by its job, or both. */
export const triggersOf = (name: FunctionName): { readonly subscriptions: readonly string[]; readonly isScheduled: boolean } => ({
  subscriptions: [...subscriptions, ...deadLetterSubscriptions].filter((subscription) => subscription.function === name).map((subscription) => subscription.name),
  isScheduled: jobs.some((job) => job.name === name),
});

/** Topics on which something is only said when something is wrong. */
const troubleTopics: ReadonlySet<Topic> = new Set<Topic>(['boxscore-gaps-detected', 'gaps-detected']);

/** The functions that are called on a day on which nothing goes wrong. */
export const everydayFunctions: readonly FunctionName[] = functionNames.filter((name) => {
  const { isScheduled } = triggersOf(name);
  return isScheduled || subscriptions.some((subscription) => subscription.function === name && !troubleTopics.has(subscription.topic));
});
