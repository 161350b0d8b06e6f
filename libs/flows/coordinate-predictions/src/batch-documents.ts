import type { Completion, EpochMs, PhaseTriggered } from '@handoff/contracts';
import type { StateDocument, StateRef } from '@handoff/ports';

/** `prediction_batches`: one per trigger; what it waits for. */
export interface BatchDocument extends StateDocument {
  readonly trigger: PhaseTriggered;
  /** The ids of the batch's requests. */
  readonly expected: readonly string[];
  readonly startedAt: EpochMs;
}

/** `prediction_batch_<trigger>`: one per request that was answered. */
export interface ReadyDocument extends StateDocument {
  readonly completions: readonly Completion[];
}

export const batchRef = (triggerId: string): StateRef => ({ collection: 'prediction_batches', id: triggerId });
export const readyCollection = (triggerId: string): string => `prediction_batch_${triggerId}`;
export const requestIdOf = (triggerId: string, gameDate: string, part: number): string => `${triggerId}_${gameDate}_${part}`;
