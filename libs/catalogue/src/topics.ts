import { days, minutes, type DurationMs, type Phase } from '@handoff/contracts';
import type { TableName } from './tables.ts';
import { transitions, type TransitionApp } from './transitions.ts';

/** Topics of one sport; `{sport}-` is put before each, so that one code base serves several. */
export type Topic = (typeof topicNames)[number] | `${TransitionApp}-due`;

const topicNames = [
  'scrape-requests',
  'phase1-scrapers-complete',
  'phase2-raw-complete',
  'phase3-analytics-complete',
  'phase4-precompute-complete',
  'phase5-predictions-complete',
  'phase6-export-complete',
  'grading-complete',
  'phase3-trigger',
  'phase4-trigger',
  'predictions-trigger',
  'phase6-export-trigger',
  'grading-trigger',
  'prediction-requests',
  'prediction-ready',
  'boxscore-gaps-detected',
  'gaps-detected',
  'pipeline-events',
  'retry-queue-events',
  'streaming-conflict-events',
  'reprocess-attempts',
  'gap-events',
  'game-availability',
  'watchdog-canary',
] as const;

/** Where a phase announces what it has made. */
export const completionTopics = {
  phase2: 'phase2-raw-complete',
  phase3: 'phase3-analytics-complete',
  phase4: 'phase4-precompute-complete',
  phase5: 'phase5-predictions-complete',
  'phase6-publish': 'phase6-export-complete',
  'phase6-grade': 'grading-complete',
} as const satisfies Record<Exclude<Phase, 'phase1'>, Topic>;

/** Where a released phase run is sent. */
export const triggerTopics = {
  phase3: 'phase3-trigger',
  phase4: 'phase4-trigger',
  phase5: 'predictions-trigger',
  'phase6-publish': 'phase6-export-trigger',
  'phase6-grade': 'grading-trigger',
} as const satisfies Record<Exclude<Phase, 'phase1' | 'phase2'>, Topic>;

/** The topic on which a gate is told that it is due. */
export const dueTopic = (app: TransitionApp): Topic => `${app}-due`;

export const topics: readonly Topic[] = [...topicNames, ...new Set(transitions.map(({ app }) => dueTopic(app)))];

/** A push subscription: one topic to one function. Named `topic--function`. */
export interface Subscription {
  readonly name: string;
  readonly topic: Topic;
  readonly function: string;
  /** Deliveries before the message goes to the dead letters: the least that Pub/Sub allows, 2026. */
  readonly deliveriesMax: number;
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
}

/** A delivery is not repeated while it is worked on for no longer than this: the most that Pub/Sub takes, 2026. */
export const deliveryDeadline: DurationMs = minutes(10);

/** What nobody takes is kept for so long: Pub/Sub's own default, 2026. */
export const messageRetention: DurationMs = days(7);

/** What every subscription of ours is made with. */
const delivery = { deliveriesMax: 5, minBackoffSeconds: 10, maxBackoffSeconds: 600 } as const;

const subscribe = (topic: Topic, functionName: string): Subscription => ({
  name: `${topic}--${functionName}`,
  topic,
  function: functionName,
  ...delivery,
});

const completionTopicOf = (phase: Phase): Topic => {
  if (phase === 'phase1') return 'phase1-scrapers-complete';
  return completionTopics[phase];
};

const transitionSubscriptions = [...new Set(transitions.map(({ app }) => app))].flatMap((app) => {
  const upstream = new Set(transitions.filter((transition) => transition.app === app).map(({ from }) => completionTopicOf(from)));
  return [...[...upstream].map((topic) => subscribe(topic, app)), subscribe(dueTopic(app), app)];
});

export const subscriptions: readonly Subscription[] = [
  subscribe('scrape-requests', 'phase1-scrape'),
  subscribe('phase1-scrapers-complete', 'phase2-raw'),
  subscribe('phase2-raw-complete', 'expectation-planner'),
  subscribe('phase3-trigger', 'phase3-analytics'),
  subscribe('phase4-trigger', 'phase4-features'),
  subscribe('predictions-trigger', 'phase5-predict-coordinator'),
  subscribe('prediction-requests', 'phase5-predict-worker'),
  subscribe('prediction-ready', 'phase5-predict-coordinator'),
  subscribe('phase6-export-trigger', 'phase6-publish'),
  subscribe('grading-trigger', 'phase6-grade'),
  subscribe('boxscore-gaps-detected', 'boxscore-backfill'),
  subscribe('gaps-detected', 'self-heal'),
  subscribe('watchdog-canary', 'watchdog'),
  ...transitionSubscriptions,
];

/** A subscription whose messages the bus itself appends to a table, at least once: in the cloud a BigQuery subscription. Named `topic--table`. */
export interface TableSubscription extends Omit<Subscription, 'function'> {
  readonly table: TableName;
}

const appendTo = (table: TableName, topic: Topic): TableSubscription => ({ name: `${topic}--${table.slice(table.indexOf('.') + 1)}`, topic, table, ...delivery });

/** The append-only logs: each has a topic of its own, and a view that shows what stands. */
export const tableSubscriptions: readonly TableSubscription[] = [
  appendTo('nba_orchestration.pipeline_event_log', 'pipeline-events'),
  appendTo('nba_orchestration.failed_processor_queue_log', 'retry-queue-events'),
  appendTo('nba_orchestration.streaming_conflict_events', 'streaming-conflict-events'),
  appendTo('nba_orchestration.reprocess_attempt_log', 'reprocess-attempts'),
  appendTo('nba_orchestration.gap_log', 'gap-events'),
  appendTo('nba_orchestration.game_availability_log', 'game-availability'),
];
