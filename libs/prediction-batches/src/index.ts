export {
  answerKey, answersOf, batches, batchRef, openBatches, openRef, requestIdOf, sendingKey, type AnswerDocument, type BatchDocument, type BatchPlayer, type BatchRequest, type BatchStatus,
} from './batch-documents.ts';
export { beat, heartbeatsOf, type HeartbeatDocument } from './heartbeats.ts';
