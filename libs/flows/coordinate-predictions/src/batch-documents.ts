import type { Completion, EpochMs, PhaseTriggered } from '@handoff/contracts';
import type { StateDocument, StateRef } from '@handoff/ports';

/** `prediction_batches`: one per trigger; what it waits for. */
export interface BatchDocument extends StateDocument {
  readonly trigger: PhaseTriggered;
  /** `date_game` of every request of the batch. */
  readonly expected: readonly string[];
  readonly startedAt: EpochMs;
}

/** `prediction_batch_<trigger>`: one per game whose predictions are written. */
export interface ReadyDocument extends StateDocument {
  readonly completion: Completion;
}

export const batchRef = (triggerId: string): StateRef => ({ collection: 'prediction_batches', id: triggerId });
export const readyCollection = (triggerId: string): string => `prediction_batch_${triggerId}`;
export const requestIdOf = (triggerId: string, gameDate: string, game: string): string => `${triggerId}_${gameDate}_${game}`;
