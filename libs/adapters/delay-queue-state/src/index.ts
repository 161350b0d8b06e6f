export { StateDelayQueue } from './state-delay-queue.ts';
