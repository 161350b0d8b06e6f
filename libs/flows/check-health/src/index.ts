export { checkPhases, checkWorkflows } from './check-health.ts';
export { sendDaySummary } from './send-day-summary.ts';
