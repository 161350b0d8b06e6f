export { loadPhaseHealth } from './load-phase-health.ts';
export { loadWorkflowHealth, type WorkflowHealthQuestion } from './load-workflow-health.ts';
export { severityOf, type HealthReport } from './health-report.ts';
export { loadDaySummary, type LoadedSummary } from './load-day-summary.ts';
