export { commitWithOutbox, historyEntry, outboxCollections, outboxWrite, publishPending, publishPendingHistory, publishWritten, type OutboxCommit, type OutboxEntry } from './outbox.ts';
