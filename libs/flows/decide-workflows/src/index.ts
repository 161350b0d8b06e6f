export { decideWorkflows } from './decide-workflows.ts';
