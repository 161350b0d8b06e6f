import type { UpcomingPlayerContext } from '@handoff/analytics';
import type { EpochMs, OfficialGameId, PlayerAnswer, SkipReason } from '@handoff/contracts';
import { invalidate, predictPlayer, predictionSystems, supersede, type Prediction } from '@handoff/scoring';
import type { SlateGame } from '@handoff/slate';
import type { PredictionInputs } from './load-inputs.ts';

/** What one game comes to: the rows to write, an answer for each player, and the errors that players have failed on. */
export interface GamePredictions {
  readonly game: OfficialGameId;
  readonly rows: readonly Prediction[];
  readonly players: readonly PlayerAnswer[];
  readonly errors: readonly unknown[];
}

interface GameQuestion {
  readonly game: OfficialGameId;
  /** As the slate has it; undefined for a game that is not on it any more. */
  readonly standing: SlateGame | undefined;
  readonly inputs: PredictionInputs;
  readonly now: EpochMs;
}

/**
 * Predicts the players of one game. Of a game that is postponed what stood is taken back; of one that has tipped off,
 * or is not on the slate, nothing changes. A player whose prediction throws fails alone: the others go on, what he had
 * before stands, and he is not answered for yet.
 */
export function predictOneGame({ game, standing, inputs, now }: GameQuestion): GamePredictions {
  if (standing === undefined) return nobody(game, inputs, 'game-not-on-slate');
  if (standing.status === 'postponed') return { ...nobody(game, inputs, 'game-postponed'), rows: invalidate(inputs.standing, 'game-postponed') };
  if (now >= standing.tipAt) return nobody(game, inputs, 'tipped-off');
  const outcomes = inputs.players.map((player) => predictOne(player, inputs, now));
  const expected = new Set(inputs.players.map(({ player_lookup: player }) => player));
  const goneOut = inputs.standing.filter((row) => row.is_active && !expected.has(row.player_lookup));
  return {
    game,
    rows: [...supersede(inputs.standing, outcomes.flatMap(({ rows }) => rows)), ...invalidate(goneOut, 'player-ruled-out')],
    players: [
      ...outcomes.map(({ answer }) => ({ ...answer, game })),
      ...[...new Set(goneOut.map((row) => row.player_lookup))].map((player): PlayerAnswer => ({ game, player, state: 'skipped', reason: 'ruled-out' })),
    ],
    errors: outcomes.flatMap(({ error }) => (error === undefined ? [] : [error])),
  };
}

/** Every player of the game is left out for one reason. */
export function nobody(game: OfficialGameId, { players }: PredictionInputs, reason: SkipReason): GamePredictions {
  return { game, rows: [], players: players.map((player): PlayerAnswer => ({ game, player: player.player_lookup, state: 'skipped', reason })), errors: [] };
}

interface PlayerOutcome {
  readonly rows: readonly Prediction[];
  readonly answer: PlayerAnswer;
  readonly error?: unknown;
}

function predictOne(player: UpcomingPlayerContext, { features, history, league }: PredictionInputs, now: EpochMs): PlayerOutcome {
  const { player_lookup: name, nba_game_id: game } = player;
  const told = { game: game as OfficialGameId, player: name };
  const vector = features.get(name);
  if (vector === undefined) return { rows: [], answer: { ...told, state: 'skipped', reason: 'no-features' } };
  try {
    const verdict = predictPlayer({ systems: predictionSystems, player, features: vector, games: history.get(name) ?? [], league, now });
    if (verdict.verdict === 'skipped') return { rows: [], answer: { ...told, state: 'skipped', reason: verdict.reason } };
    return { rows: verdict.rows, answer: { ...told, state: 'predicted' } };
  } catch (error) {
    // A bug of ours, or a vector that contradicts the player: the caller logs it, and the batch waits for him.
    return { rows: [], answer: { ...told, state: 'failed', reason: error instanceof Error ? error.message : String(error) }, error };
  }
}
