export {
  answerCollection, answerKey, answerRef, batches, batchRef, openBatches, openRef, requestIdOf, sendingKey, type AnswerDocument, type BatchDocument, type BatchPlayer, type BatchRequest, type BatchStatus,
} from './batch-documents.ts';
export { beat, heartbeatCollection, type HeartbeatDocument } from './heartbeats.ts';
