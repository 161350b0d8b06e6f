export { takeCanary } from './take-canary.ts';
export { watchPlatform, type WatchOptions } from './watch-platform.ts';
