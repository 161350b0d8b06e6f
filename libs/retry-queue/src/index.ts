export { changeItem, noteFailedWork, retryId, retryQueue, retryRef, tellGivenUp, tryOf, type NotedFailure, type RetryChange, type RetryDocument } from './retry-queue.ts';
