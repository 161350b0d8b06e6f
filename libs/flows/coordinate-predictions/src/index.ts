export { checkBatches } from './check-batches.ts';
export { collectPredictions } from './collect-predictions.ts';
export { startBatch } from './start-batch.ts';
