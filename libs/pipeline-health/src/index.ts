export type { SentRun } from './load-handoffs.ts';
export { loadPhaseHealth, type PhaseHealth } from './load-phase-health.ts';
export { loadWorkflowHealth, type WorkflowHealthQuestion } from './load-workflow-health.ts';
export { severityOf, shownReport, type HealthReport, type ShownReport } from './health-report.ts';
export { loadDaySummary, type LoadedSummary } from './load-day-summary.ts';
