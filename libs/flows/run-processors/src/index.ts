export { runProcessors } from './run-processors.ts';
