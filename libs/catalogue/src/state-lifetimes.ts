import { days, type DurationMs } from '@handoff/contracts';
import { functionNames } from './functions.ts';

/** How long the documents of a collection of the state store are kept, and why no shorter. */
export interface StateLifetime {
  /** A name, or a pattern of names: `<…>` stands for any text. */
  readonly collection: string;
  /**
   * | kept | what ends a document |
   * |---|---|
   * | for-good | nothing: there are few, or something is compared with them as long as the warehouse keeps its rows |
   * | until-deleted | the work itself, which deletes it when it is over: one that is there is needed |
   * | expiring | the store, once nobody has written it for `keptForMs` |
   */
  readonly kept: 'for-good' | 'until-deleted' | 'expiring';
  readonly why: string;
}

/** A collection whose documents the store deletes by itself. */
export interface ExpiringCollection extends StateLifetime {
  readonly kept: 'expiring';
  /** From the last write of a document. */
  readonly keptForMs: DurationMs;
  /** False for a document that is still in hand: it does not expire, however old. Absent: none is in hand for that long. */
  readonly isOver?: (document: Readonly<Record<string, unknown>>) => boolean;
}

/**
 * What the work of a season is decided by. The whole season is looked over each morning (docs/healing.md), and logs
 * whose event ids count on are kept for 365 days (tables.ts): a document that was gone before its rows would number
 * further events like them. On top the 31 days for which Pub/Sub keeps a message at most (its subscription properties
 * page, 2026), and some.
 */
const season = days(400);

/** As the log of decisions is (tables.ts). Nobody asks for single hours of more than two weeks ago (health.ts). */
const decided = days(90);

/** What counts within an hour, or is over within minutes: long enough for people to look at after a weekend. */
const passing = days(7);

const forGood = (collection: string, why: string): StateLifetime => ({ collection, kept: 'for-good', why });
const untilDeleted = (collection: string, why: string): StateLifetime => ({ collection, kept: 'until-deleted', why });
const expiring = (collection: string, keptForMs: DurationMs, why: string, isOver?: ExpiringCollection['isOver']): ExpiringCollection => ({ collection, kept: 'expiring', keptForMs, why, ...(isOver === undefined ? {} : { isOver }) });

const whole: readonly StateLifetime[] = [
  forGood('handoff_<hand-off>_completions', 'A gate decides by all of them: with some gone, a game that is loaded late would start a date anew that is complete.'),
  forGood('handoff_<hand-off>_releases', 'Revisions go on from the highest. The warehouse keeps rows with their revision, and takes no lower one over them.'),
  forGood('handoffs', 'One per hand-off of a date: where it stands, for people.'),
  forGood('slates', 'A date without a slate has no games, as long as its season has an index.'),
  forGood('slate_indexes', 'One per season.'),
  forGood('published_through', 'One per sport and flow.'),
  forGood('reconciled_through', 'One.'),
  forGood('ledger_looks', 'One.'),
  forGood('write_pulses', 'One, which counts.'),
  forGood('health_looks', 'One per monitor.'),
  forGood('heartbeats', 'Two per job: how long ago one was is what they are for.'),
  forGood('lost_log_rows', 'One per log, which counts.'),
  forGood('health', 'None is ever written: a function asks for it to see whether the store answers.'),
  forGood('instances', 'One, of an embedded system.'),
];

const inFlight: readonly StateLifetime[] = [
  untilDeleted('outbox', 'Until the message is confirmed as published.'),
  untilDeleted('history_outbox', 'Until the event is confirmed as published.'),
  untilDeleted('deferred', 'Until the message was published at its time.'),
  untilDeleted('waiting_work', 'Until the resource that the message waits for is back.'),
  untilDeleted('waiting_resources', 'Until the resource is back.'),
  untilDeleted('late_log_rows', 'Until the warehouse takes the row, or it is counted as lost after a day.'),
  untilDeleted('open_reconciliations', 'Until the date is whole, or two weeks old.'),
  untilDeleted('prediction_batches_open', 'Until the batch has ended.'),
];

/** Their holders have a lease of two minutes, so none is in hand for long. What takes up work after its claim is gone does it once more, by writes that can be repeated. */
const claims: readonly ExpiringCollection[] = functionNames.map((name) => expiring(`claims_${name}`, season, 'What was done is dropped when it comes again: from Pub/Sub within 31 days, from a dead letter or by hand as late as people send it.'));

const remembered: readonly ExpiringCollection[] = [
  ...claims,
  expiring('scrapes', season, 'As claims: a request that comes again is neither asked nor stored again.'),
  expiring('loaded_files', season, 'An answer that comes after a newer one of its season is left out.'),
  expiring('planned_schedules', season, 'What a date of the season was planned by: with it gone the date is planned once more.'),
  expiring('published_files', season, 'An earlier run that comes late does not publish over a later one.'),
  expiring('upgraded_outputs', season, 'A degraded run that comes late does not bring the label back.'),
  expiring('boxscore_backfills', season, 'A game of the season is asked for no more often than its attempts.'),
  expiring('feature_baselines', season, 'Read once for a date; with it gone it is read once more.'),
  expiring('rejected', season, 'What people are told of can be looked at, and sent again, for the season.'),
  expiring('prediction_batches', season, 'A trigger or an answer that comes again finds its batch. One that is waited for stays.', ({ status }) => status === 'complete' || status === 'incomplete'),
  expiring('prediction_answers', season, 'As their batch, which ends within hours.'),
  expiring('prediction_heartbeats', season, 'As their batch, which ends within hours.'),
  expiring('retry_queue', season, 'What was given up for good is not tried again with the same input; its log counts on. What is to be tried stays.', ({ isActive }) => isActive === false),
  expiring('dead_letters', season, 'What became of it. One that waits for people stays.', ({ status }) => status === 'redriven' || status === 'settled'),
  expiring('gaps', season, 'Its log counts on when it opens once more. One that is open stays.', ({ isOpen }) => isOpen === false),
  expiring('streaming_conflicts', season, 'Its log counts on. One that is open stays.', ({ isOpen }) => isOpen === false),
  expiring('breakers', season, 'The attempts at an entity of the season are numbered, in a log too. One that is open stays.', ({ isOpen }) => isOpen === false),
  expiring('incidents', season, 'The season can be looked back upon. One that is open, or of which something is still to be told, stays.', ({ resolvedAt, tellFrom }) => typeof resolvedAt === 'number' && tellFrom === null),
  expiring('controller_evaluations', decided, 'An hour is decided once; monitors look back two weeks at most.'),
  expiring('expected_decisions', decided, 'What the hours of a date are compared with.'),
  expiring('retry_budgets', passing, 'Counts the tries of one hour.'),
  expiring('watchdog', passing, 'Written to see that it can be, and deleted by the next look. One of which the notebook was lost would stay.'),
];

/** Every collection of the state store, each once. */
export const stateLifetimes: readonly (StateLifetime | ExpiringCollection)[] = [...whole, ...inFlight, ...remembered];

/** Those whose documents the store deletes by itself. */
export const expiringCollections: readonly ExpiringCollection[] = remembered;

/** What holds for a collection by its name; undefined for one that is not in the table. */
export const stateLifetimeOf = (collection: string): StateLifetime | undefined => stateLifetimes.find((lifetime) => patternOf(lifetime.collection).test(collection));

const patternOf = (collection: string): RegExp => new RegExp(`^${collection.replaceAll(/<[^>]*>/g, '.+')}$`);
