export { commitWithOutbox, outboxWrite, publishPending, type OutboxEntry } from './outbox.ts';
