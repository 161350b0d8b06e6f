export { commitWithOutbox, outboxWrite, publishPending, type OutboxCommit, type OutboxEntry } from './outbox.ts';
export { publishEach } from './publish-each.ts';
