import type { EpochMs, PredictionRequested } from '@handoff/contracts';
import type { Clock, StateDocument, StateRef, StateStore } from '@handoff/ports';

/** `prediction_heartbeats`: one per request that a worker has taken up. */
export interface HeartbeatDocument extends StateDocument {
  readonly triggerId: string;
  readonly attempt: number;
  /** What the worker was about to do. */
  readonly stage: 'read' | 'predict' | 'write' | 'check';
  readonly beatAt: EpochMs;
}

export const heartbeatCollection = 'prediction_heartbeats';

/**
 * Tells that a worker is at a request, and with what. A worker that has lost its claim is refused here as in every
 * write: the beats of one request are those of its present worker.
 */
export async function beat({ state, clock }: { readonly state: StateStore; readonly clock: Clock }, { triggerId, requestId, attempt }: PredictionRequested, stage: HeartbeatDocument['stage']): Promise<void> {
  const ref: StateRef = { collection: heartbeatCollection, id: requestId };
  await state.batch([{ kind: 'set', ref, value: { triggerId, attempt, stage, beatAt: clock.now() } satisfies HeartbeatDocument }]);
}
