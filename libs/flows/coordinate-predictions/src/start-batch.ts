import { gamesPerPredictionRequest } from '@handoff/catalogue';
import { hasCode, type PhaseTriggered, type PredictionRequested } from '@handoff/contracts';
import { commitWithOutbox, type OutboxEntry } from '@handoff/outbox';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { batchRef, requestIdOf, type BatchDocument } from './batch-documents.ts';

/**
 * Starts a batch of predictions: requests of a few games each, written in one atomic batch with what the batch waits
 * for. A repetition finds the batch and leaves its requests to the outbox. A postponed game is requested too:
 * its predictions have to be taken back.
 */
export async function startBatch(trigger: PhaseTriggered, { ports, correlationId }: FlowContext): Promise<FlowReport> {
  const now = ports.clock.now();
  const { sport, purpose, triggerId } = trigger;
  const requests = trigger.runs.flatMap((run) =>
    inParts(run.games, gamesPerPredictionRequest).map((games, part): PredictionRequested => ({ sport, purpose, requestId: requestIdOf(triggerId, run.gameDate, part), games, run, triggerId })),
  );
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

function inParts<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) => items.slice(part * size, (part + 1) * size));
}
