import { hasCode, PipelineError, type PredictionsReady } from '@handoff/contracts';
import { announceOutputs, recordsOf, rowsOf } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { batchRef, readyCollection, type BatchDocument, type ReadyDocument } from './batch-documents.ts';

/**
 * Notes that a request's predictions are written, and announces the batch when all are. Two workers that
 * finish at once may both announce: it is the same message under the same key, and takes effect once.
 *
 * @throws `prediction-batch-unknown` (reject) for an answer to no batch of ours.
 */
export async function collectPredictions(ready: PredictionsReady, context: FlowContext): Promise<FlowReport> {
  const { state } = context.ports;
  const { triggerId } = ready;
  const batch = await state.get<BatchDocument>(batchRef(triggerId));
  if (batch === undefined) throw new PipelineError({ code: 'prediction-batch-unknown', disposition: 'reject', message: `no prediction batch ${triggerId}`, facts: { triggerId } });
  try {
    await state.create({ collection: readyCollection(triggerId), id: ready.requestId }, { completions: ready.completions } satisfies ReadyDocument);
  } catch (error) {
    if (!hasCode(error, 'state-already-exists')) throw error;
  }
  const { trigger, expected, startedAt } = batch.value;
  const documents = await state.query<ReadyDocument>({ collection: readyCollection(triggerId) });
  if (documents.length < expected.length) return { outcome: 'waiting', facts: { ready: documents.length, expected: expected.length } };
  const completions = documents.flatMap(({ value }) => value.completions);
  await announceOutputs({ ...trigger, phase: 'phase5', sourceVersionAt: ready.run.sourceVersionAt }, completions, context);
  return { outcome: 'batch-complete', facts: { triggerId, games: completions.length, rows: rowsOf(completions) }, ended: recordsOf({ phase: 'phase5', flow: trigger.flow, runs: trigger.runs, startedAt, completions }) };
}
