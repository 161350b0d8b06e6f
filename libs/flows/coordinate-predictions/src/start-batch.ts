import { hasCode, type PhaseTriggered, type PredictionRequested } from '@handoff/contracts';
import { commitWithOutbox, type OutboxEntry } from '@handoff/outbox';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { batchRef, requestIdOf, type BatchDocument } from './batch-documents.ts';

/**
 * Starts a batch of predictions: one request per game, written in one atomic batch with what the batch waits
 * for. A repetition finds the batch and leaves its requests to the outbox. A postponed game is requested too:
 * its predictions have to be taken back.
 */
export async function startBatch(trigger: PhaseTriggered, { ports, correlationId }: FlowContext): Promise<FlowReport> {
  const now = ports.clock.now();
  const { sport, purpose, triggerId } = trigger;
  const requests = trigger.runs.flatMap((run) => run.games.map((game): PredictionRequested => ({ sport, purpose, requestId: requestIdOf(triggerId, run.gameDate, game), game, run, triggerId })));
  const entries = requests.map((payload): OutboxEntry => ({ topic: 'prediction-requests', message: { key: payload.requestId, payload, correlationId } }));
  const batch: BatchDocument = { trigger, expected: requests.map(({ requestId }) => requestId), startedAt: now };
  try {
    await commitWithOutbox(ports, { now, entries, writes: [{ kind: 'create', ref: batchRef(triggerId), value: batch }] });
  } catch (error) {
    if (hasCode(error, 'state-already-exists')) return { outcome: 'batch-exists', facts: { triggerId } };
    throw error;
  }
  return { outcome: 'batch-started', facts: { triggerId, requests: requests.length } };
}
