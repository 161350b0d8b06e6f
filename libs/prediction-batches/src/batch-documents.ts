import type { Completion, EpochMs, GameDate, OfficialGameId, PhaseTriggered, PlayerAnswer } from '@handoff/contracts';
import type { StateDocument, StateRef } from '@handoff/ports';

/** A player of a game. */
export interface BatchPlayer {
  readonly game: OfficialGameId;
  readonly player: string;
}

/** One request of a batch, and when it was sent the last time. */
export interface BatchRequest {
  readonly requestId: string;
  readonly gameDate: GameDate;
  readonly games: readonly OfficialGameId[];
  /** Who was expected when the batch began. */
  readonly players: readonly BatchPlayer[];
  /** 1 for the first sending. */
  readonly attempt: number;
  readonly sentAt: EpochMs;
}

/**
 * How a batch stands.
 *
 * | status | meaning |
 * |---|---|
 * | open | some of it is not answered, and it is waited for |
 * | complete | every request is answered, for every player |
 * | incomplete | announced without the rest: nearly all was answered, or the rest was asked for often enough. What still comes is announced by itself |
 */
export type BatchStatus = 'open' | 'complete' | 'incomplete';

/** `prediction_batches`: one per trigger; what it waits for. */
export interface BatchDocument extends StateDocument {
  readonly trigger: PhaseTriggered;
  readonly requests: readonly BatchRequest[];
  readonly status: BatchStatus;
  /** The requests that it was announced without. */
  readonly without: readonly string[];
  readonly startedAt: EpochMs;
  /** Of the trigger: whatever is sent for the batch later carries it too. */
  readonly correlationId: string;
  /** When the last answer came; absent before the first. */
  readonly answeredAt?: EpochMs;
}

/** `prediction_answers`: one per request that was answered, with its latest answer. */
export interface AnswerDocument extends StateDocument {
  readonly triggerId: string;
  readonly completions: readonly Completion[];
  readonly players: readonly PlayerAnswer[];
  readonly attempt: number;
  readonly answeredAt: EpochMs;
}

/** One document per batch that is open, so that whoever looks for such reads no others. It comes and goes with the batch's status. */
export const openBatches = 'prediction_batches_open';
export const openRef = (triggerId: string): StateRef => ({ collection: openBatches, id: triggerId });
export const batches = 'prediction_batches';
export const batchRef = (triggerId: string): StateRef => ({ collection: batches, id: triggerId });
export const answerCollection = 'prediction_answers';
export const answerRef = (requestId: string): StateRef => ({ collection: answerCollection, id: requestId });
export const requestIdOf = (triggerId: string, gameDate: string, part: number): string => `${triggerId}_${gameDate}_${part}`;

/** The key of a sending: a receiver drops what it has done under one, so a request that is sent again needs another. */
export const sendingKey = (requestId: string, attempt: number): string => (attempt === 1 ? requestId : `${requestId}_again_${attempt}`);

/** The key of the answer to a sending. */
export const answerKey = (requestId: string, attempt: number): string => `${sendingKey(requestId, attempt)}_ready`;
