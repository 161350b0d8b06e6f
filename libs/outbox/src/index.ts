export { commitWithOutbox, outboxWrite, publishPending, publishWritten, type OutboxCommit, type OutboxEntry } from './outbox.ts';
