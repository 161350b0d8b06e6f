export { attempted, type Attempts } from './attempted.ts';
