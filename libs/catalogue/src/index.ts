export { alertChannels, severities, type AlertChannel, type AlertChannelName, type Severity } from './alert-channels.ts';
export { alertCodes, type AlertCause, type AlertCode } from './alerts.ts';
export {
  breakerKinds, breakerPolicies, CircuitBreakerConfig, circuitBreakerConfigOf, circuitBreakerVariables, type BreakerKind, type CircuitBreakerEnvironment,
} from './breakers.ts';
export { boxScoreBackfill, boxScoreCompleteness, boxScoreOutput, boxScoreScrapers, gameTimes, westCoastTeams } from './box-scores.ts';
export { conflictRechecks, nextRecheck } from './conflicts.ts';
export { deadLetterName, deadLetterSubscriptions, deadLettersOf, deadSubscription, redriveToldFrom, unfairlyDeadPolicy, type DeadLetterSubscription } from './dead-letters.ts';
export { exportCacheSeconds, exportNames, type ExportName } from './exports.ts';
export { resourcesOf, type FunctionResources } from './function-resources.ts';
export { everydayFunctions, functionNames, triggersOf, type FunctionName } from './functions.ts';
export { healingPolicy, type HealingPolicy } from './healing.ts';
export { daySummaryLimits, decisionLookBackHours, phaseChecks, phaseMonitorLimits, phaseTimes, workflowChecks, workflowHealthDefaults, workflowHealthLimits, type HealthCheckName } from './health.ts';
export { aftermath, aftermathMax, aftermathOf, canHoldUp, commandOf, errorIsCriticalAfter, escalationAges, isConsequence, meaningOf, noticesPerHourMax, platformParts, quietSpanOf, rankOf, untoldAgainAfter, worseOf, type PlatformPart } from './incidents.ts';
export { firingRetriesOf, firingRetryPolicy, type FiringRetryPolicy } from './firing-retries.ts';
export { jobs, type JobName, type ScheduleJob } from './jobs.ts';
export {
  absenceRules, canaryAbsenceBelievedAfter, canaryNoteTries, canaryPatience, decider, decisionGap, intervalOf, missesMax, probePermissions, silentAfter, unseenFor, watchdog, watchedJobs, type AbsenceRule,
} from './monitoring.ts';
export { isOutputAsked, outputNamed, outputOf, outputs, outputsOf, withStandIns, type Need, type Output, type OutputName } from './outputs.ts';
export { gamesPerPredictionRequest, predictionBatchPolicy, type PredictionBatchPolicy } from './predictions.ts';
export { givenUpWatch, lateTryWaits, missingGameRetryPolicy, retriedWork, retriesPerHourMax, retryLease, retryPolicy, type RetriedWork, type RetryKind, type RetryPolicy } from './retries.ts';
export { fetchedAtOf, storedPath, type StoredAnswer } from './stored-answers.ts';
export { isScraperEnabled, scraperNamed, scraperOfPath, scrapers, type Scraper, type ScraperName } from './scrapers.ts';
export { isSourceEnabled, sources, switchSourceOff, switchSourcesOn, type EnabledPeriod, type Source, type SourceId } from './sources.ts';
export { stateIndexes, type StateIndex } from './state-indexes.ts';
export { expiringCollections, stateLifetimeOf, stateLifetimes, type ExpiringCollection, type StateLifetime } from './state-lifetimes.ts';
export { gameColumnOf, hasColumn, tableNamed, tables, type TableName } from './tables.ts';
export { completionTopics, deliveryDeadline, dueTopic, messageRetention, subscriptions, tableSubscriptions, topics, triggerTopics, type Subscription, type TableSubscription, type Topic } from './topics.ts';
export { inputsOf, transitions, type GatePolicy, type Transition, type TransitionApp } from './transitions.ts';
export {
  boundaries, boundaryValidation, featureQuality, gradingCoverage, playerCounts, reconciliation, scorecardBands, windowCompletenessPct, type Boundary, type BoundaryName,
} from './validation.ts';
export { views } from './views.ts';
export { enabledScrapersOf, windowTolerance, workflows, type Workflow, type WorkflowName, type WorkflowRule } from './workflows.ts';
