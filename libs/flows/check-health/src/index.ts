export { checkPhases, checkWorkflows } from './check-health.ts';
