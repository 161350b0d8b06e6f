export { sweepOutbox } from './sweep-outbox.ts';
