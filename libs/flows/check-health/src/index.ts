export { answerWorkflows, WorkflowQuestion } from './answer-workflows.ts';
export { checkPhases, checkWorkflows } from './check-health.ts';
export { sendDaySummary } from './send-day-summary.ts';
