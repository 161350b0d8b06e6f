import { minutes, seconds, type DurationMs } from '@handoff/contracts';

/**
 * Games that one prediction request asks for: half of a full night. One request per game reads the same
 * season eight times over; one per slate leaves nothing to share between workers.
 */
export const gamesPerPredictionRequest = 8;

/** The numbers by which a batch of predictions is watched. */
export interface PredictionBatchPolicy {
  /** The share of its players that a batch which has come to a standstill must have answers for to end without the rest. */
  readonly answeredMin: number;
  /** Without an answer for this long, a batch stands still. */
  readonly stallAfterMs: DurationMs;
  /** A worker that has told nothing for this long is told of. */
  readonly silentAfterMs: DurationMs;
  /** A worker that has told nothing for this long is taken for dead: its request is sent again. */
  readonly deadAfterMs: DurationMs;
  /** How often a request is sent, the first time included. */
  readonly sendsMax: number;
}

/** Reference section 9.1 (95 %, ten minutes) and requirement F132 (300 and 900 seconds); three tries more than the first, as requirement F126 has it for all work. */
export const predictionBatchPolicy: PredictionBatchPolicy = {
  answeredMin: 0.95, stallAfterMs: minutes(10), silentAfterMs: seconds(300), deadAfterMs: seconds(900), sendsMax: 4,
};
