export { loadRaw } from './load-raw.ts';
