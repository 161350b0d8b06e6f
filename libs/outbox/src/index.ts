export { commitWithOutbox, outboxWrite, publishPending, type OutboxCommit, type OutboxEntry } from './outbox.ts';
