import type { PredictionRequested } from '@handoff/contracts';
import type { OutboxEntry } from '@handoff/outbox';
import { sendingKey, type BatchDocument, type BatchRequest } from '@handoff/prediction-batches';

/** The message by which a request of a batch is sent, at its attempt. */
export function sendingOf({ trigger, correlationId }: BatchDocument, { requestId, gameDate, games, attempt }: BatchRequest): OutboxEntry {
  const run = trigger.runs.find((candidate) => candidate.gameDate === gameDate);
  if (run === undefined) throw new RangeError(`request ${requestId} is of ${gameDate}, which is in none of its batch's runs`);
  const { sport, purpose, triggerId } = trigger;
  const payload: PredictionRequested = { sport, purpose, requestId, triggerId, games: [...games], run, attempt };
  return { topic: 'prediction-requests', message: { key: sendingKey(requestId, attempt), payload, correlationId } };
}
