import type { Severity } from './alert-channels.ts';

/** How loud an alert is when nothing is known beyond its cause. */
export interface AlertCode {
  readonly code: string;
  readonly severity: Severity;
  /** One line for people: what it means. The runbook docs/runbooks/<code>.md says the rest. */
  readonly meaning: string;
  /** True: it says which work is held up, by whatever; the others name a cause. */
  readonly isConsequence?: true;
  /** True: it holds up whatever names its subject, a job, though something else may hold it up in turn. */
  readonly holdsUp?: true;
  /** True: whoever alerts about it also sees that it is over, and resolves it. The others end when they are not seen again. */
  readonly isResolved?: true;
  /** What to run first, for the notice; absent: the runbook alone. */
  readonly command?: string;
}

/** Every cause that the product alerts about. The code is its name in runbooks, reports and diagnosis. */
export const alertCodes = [
  { code: 'unknown-storage-path', severity: 'critical', meaning: 'A stored file is under no prefix of the catalogue, so nothing would load it.', command: 'npx handoff catalogue list' },
  { code: 'unknown-output', severity: 'critical', meaning: 'A completion names an output that the catalogue does not know.', command: 'npx handoff catalogue list' },
  { code: 'malformed-message', severity: 'error', meaning: 'A message does not have the shape that its contract asks for.' },
  { code: 'payload-malformed', severity: 'error', meaning: 'A source answered in a shape that its contract does not know.' },
  { code: 'no-rows-for-final-games', severity: 'warning', meaning: 'A source has no rows for games that are final.', isConsequence: true, isResolved: true },
  { code: 'unresolved-identity', severity: 'warning', meaning: 'Rows of a source name a game or a team that could not be identified.', isResolved: true },
  { code: 'gate-blocked', severity: 'critical', meaning: 'A phase was not released: too little of what it needs is there after its grace.', isConsequence: true, isResolved: true, command: 'npx handoff explain --date DATE --phase PHASE' },
  { code: 'gate-degraded', severity: 'warning', meaning: 'A phase was released with some of its inputs missing.', isConsequence: true, isResolved: true, command: 'npx handoff explain --date DATE --phase PHASE' },
  { code: 'gate-error', severity: 'error', meaning: 'A gate could not read the slate that it judges by.', isConsequence: true, isResolved: true },
  { code: 'flags-and-outcomes-disagree', severity: 'error', meaning: 'What the hand-offs say is there is not what the warehouse holds.', isConsequence: true, isResolved: true },
  { code: 'workflow-aborted', severity: 'critical', meaning: 'The controller could not decide about a workflow.', isConsequence: true, isResolved: true },
  { code: 'games-not-collected', severity: 'warning', meaning: 'A collection window closed with final games still without a box score.', isConsequence: true, isResolved: true },
  { code: 'discovery-exhausted', severity: 'warning', meaning: 'A workflow that looks for something each day has not found it when the games begin, or when its attempts are used up.', isConsequence: true },
  { code: 'message-rejected', severity: 'error', meaning: 'A message can never succeed and was put aside; its own code says why.' },
  { code: 'function-failed', severity: 'error', meaning: 'A function failed on an error that nobody classified: a bug.' },
  { code: 'message-dead-lettered', severity: 'error', meaning: 'A message used up its deliveries.', isConsequence: true, isResolved: true, command: 'npx handoff dead-letters list' },
  { code: 'streaming-conflict-unresolved', severity: 'error', meaning: 'Rows that somebody streamed still keep a game from being written after all re-checks.', isResolved: true, command: 'npx handoff conflicts list' },
  { code: 'boxscore-coverage-low', severity: 'critical', meaning: 'A team has a box score of fewer of its games than it should.', isConsequence: true, isResolved: true },
  { code: 'gap-open', severity: 'warning', meaning: 'Something that should exist has been missing for hours, and what was tried has not brought it.', isConsequence: true, isResolved: true, command: 'npx handoff gaps list' },
  { code: 'phase-boundary-incomplete', severity: 'error', meaning: 'Too little of what one step holds of a date is found again in the next.', isConsequence: true, isResolved: true, command: 'npx handoff reconcile --date DATE --detailed' },
  { code: 'player-count-low', severity: 'error', meaning: 'A game is summarised for fewer players than its box score lists.', isConsequence: true, isResolved: true, command: 'npx handoff reconcile --date DATE --detailed' },
  { code: 'feature-quality-low', severity: 'error', meaning: 'Features of a date are made of constants where there should be data.', isConsequence: true, isResolved: true, command: 'npx handoff reconcile --date DATE --detailed' },
  { code: 'window-completeness-low', severity: 'error', meaning: 'The rolling windows of a date lack too many of the games that they are of.', isConsequence: true, isResolved: true, command: 'npx handoff reconcile --date DATE --detailed' },
  { code: 'grading-coverage-low', severity: 'error', meaning: 'Too few of the predictions of a date that can be graded are.', isConsequence: true, isResolved: true, command: 'npx handoff reconcile --date DATE --detailed' },
  { code: 'retries-exhausted', severity: 'error', meaning: 'Work has failed in all its tries.', isConsequence: true, isResolved: true, command: 'npx handoff queue list' },
  { code: 'retry-budget-exhausted', severity: 'warning', meaning: 'More work is due to be tried again than one hour may hold.', isConsequence: true, isResolved: true, command: 'npx handoff queue list' },
  { code: 'platform-fault', severity: 'critical', meaning: 'A part of our own platform refuses work: permission, missing table, schema, configuration or space.', isResolved: true },
  { code: 'breaker-open', severity: 'error', meaning: 'Something has failed so often that it is not called any more for a while.', isConsequence: true, isResolved: true, command: 'npx handoff breakers list' },
  { code: 'config-invalid', severity: 'critical', meaning: 'A function did not start: its environment is not valid.' },
  { code: 'scraper-unknown', severity: 'error', meaning: 'A scrape request names a scraper that the catalogue does not know.', command: 'npx handoff catalogue list' },
  { code: 'phase-unknown', severity: 'critical', meaning: 'A phase was triggered that no processors make.' },
  { code: 'transition-invalid', severity: 'critical', meaning: 'The catalogue hands off to a phase that nothing triggers.' },
  { code: 'prediction-batch-unknown', severity: 'warning', meaning: 'Predictions were reported for a batch that was never started here.' },
  { code: 'prediction-batch-stalled', severity: 'error', meaning: 'A batch of predictions got no answer for ten minutes.', isConsequence: true, isResolved: true },
  { code: 'prediction-worker-silent', severity: 'warning', meaning: 'A worker took up a request for predictions and has told nothing for five minutes.', isConsequence: true, isResolved: true },
  { code: 'duplicate-predictions', severity: 'critical', meaning: 'A player has more than one active prediction of one system.' },
  { code: 'warehouse-quota-near', severity: 'warning', meaning: 'A quota of the warehouse is used up to four fifths, for one table or for the project.', isResolved: true },
  { code: 'log-rows-lost', severity: 'error', meaning: 'Rows of a log could not be written for a day, and were given up.', isResolved: true },
  { code: 'warehouse-statement-refused', severity: 'critical', meaning: 'The warehouse refused a statement of ours, and would refuse it again.' },
  { code: 'object-not-found', severity: 'error', meaning: 'A stored file that a message names is not in the object store.' },
  { code: 'object-path-invalid', severity: 'error', meaning: 'A message or a prefix names a path outside the object store.' },
  { code: 'state-batch-too-large', severity: 'error', meaning: 'One atomic write has more documents than the state store takes.' },
  { code: 'state-ref-invalid', severity: 'error', meaning: 'A document was to be named in a way that the state store refuses.' },
  { code: 'platform-unreachable', severity: 'critical', meaning: 'A part of our own platform gives no answer.', isResolved: true },
  { code: 'watchdog-silent', severity: 'critical', meaning: 'The watchdog does not run: nothing else watches the platform.', isResolved: true },
  { code: 'job-silent', severity: 'error', meaning: 'A scheduled job does not run.', isConsequence: true, holdsUp: true, isResolved: true, command: 'npx handoff catalogue list' },
  { code: 'job-failing', severity: 'error', meaning: 'A scheduled job runs and does not come to its end.', isConsequence: true, holdsUp: true, isResolved: true },
  { code: 'decisions-absent', severity: 'critical', meaning: 'The controller runs and decides nothing.', isConsequence: true, holdsUp: true, isResolved: true },
  { code: 'workflow-unhealthy', severity: 'error', meaning: 'Decisions, hand-offs, runs or the retry queue are not as they should be; the subject is the check that says so.', isConsequence: true, isResolved: true, command: 'npx handoff workflow-health' },
  { code: 'phase-unhealthy', severity: 'error', meaning: 'A hand-off of tonight or of last night does not go as it should; the subject is the check that says so.', isConsequence: true, isResolved: true, command: 'npx handoff explain --date DATE --phase PHASE' },
  { code: 'notifier-failed', severity: 'error', meaning: 'A channel to people took no notice; another one was used instead.', isResolved: true },
  { code: 'recording-corrupt', severity: 'error', meaning: 'The recordings that stand for the sources cannot be used as they are.' },
] as const satisfies readonly AlertCode[];

export type AlertCause = (typeof alertCodes)[number]['code'];
