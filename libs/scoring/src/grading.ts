import { groupBy, type PlayerGameSummary, type ScheduledGame } from '@handoff/analytics';
import { roundTo, type PredictionAccuracyRow, type WithoutProvenance } from '@handoff/contracts';
import type { Prediction } from './predictions.ts';

export type PredictionAccuracy = WithoutProvenance<PredictionAccuracyRow>;

export interface GradingInput {
  /** Rows of one slate, inactive ones included: they are left out here. */
  readonly predictions: readonly Prediction[];
  /** Player summaries of the slate's games. */
  readonly summaries: readonly PlayerGameSummary[];
  /** The slate: tip-offs, final scores, postponements. */
  readonly games: readonly ScheduledGame[];
  /** Status before the game by player: see injuryStatusOn. Decides the reason of a void only. */
  readonly injuryStatus: ReadonlyMap<string, string>;
}

/** A prediction that cannot be graded yet. It can when what is named arrives. */
export interface Ungradable {
  readonly prediction: Prediction;
  readonly reason: 'game-not-final' | 'no-box-score';
}

export interface GradedSlate {
  /** Graded and voided rows, in key order. */
  readonly rows: readonly PredictionAccuracy[];
  readonly ungradable: readonly Ungradable[];
}

/**
 * Grades a slate (reference section 10): of each date, game, player and system the earliest active row that was
 * predicted before tip-off. "Latest wins" would let a row that was made after the game be graded.
 *
 * Rows without a line are graded too: their errors count, their win rate does not exist. Postponed games and
 * invalidated rows leave grading altogether. A game with a box score is over, whatever the schedule says yet: box
 * scores are loaded of games that their source calls final. Grading reads nothing that it wrote: again is the same.
 */
export function gradeSlate(input: GradingInput): GradedSlate {
  const games = new Map(input.games.map((game) => [`${game.game_date} ${game.game_id}`, game]));
  const boxes = groupBy(input.summaries, (row) => row.nba_game_id);
  const rows: PredictionAccuracy[] = [];
  const ungradable: Ungradable[] = [];
  for (const prediction of eligible(input.predictions, games)) {
    const game = games.get(`${prediction.game_date} ${prediction.nba_game_id}`);
    const box = boxes.get(prediction.nba_game_id);
    if (game === undefined) ungradable.push({ prediction, reason: 'game-not-final' });
    else if (box === undefined) ungradable.push({ prediction, reason: isFinal(game) ? 'no-box-score' : 'game-not-final' });
    else rows.push(gradeOne(prediction, box.find((row) => row.player_lookup === prediction.player_lookup), input.injuryStatus.get(prediction.player_lookup)));
  }
  return { rows, ungradable };
}

const isFinal = (game: ScheduledGame): boolean => game.game_status === 3 && game.home_team_score !== null && game.away_team_score !== null;

function eligible(predictions: readonly Prediction[], games: ReadonlyMap<string, ScheduledGame>): readonly Prediction[] {
  const standing = predictions.filter((row) => {
    const game = games.get(`${row.game_date} ${row.nba_game_id}`);
    if (!row.is_active || row.invalidation_reason !== null || game?.is_postponed === true) return false;
    return game === undefined || row.predicted_at < game.tip_at;
  });
  const keyOf = (row: Prediction): string => [row.game_date, row.nba_game_id, row.player_lookup, row.system_id].join(' ');
  return [...groupBy(standing, keyOf)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, rows]) => rows.toSorted((a, b) => a.predicted_at - b.predicted_at || (a.line_key < b.line_key ? -1 : 1)).slice(0, 1));
}

function gradeOne(prediction: Prediction, actual: PlayerGameSummary | undefined, injuryStatus: string | undefined): PredictionAccuracy {
  const isVoided = actual === undefined || (actual.points === 0 && actual.minutes_played === 0);
  const line = prediction.current_points_line;
  return {
    game_date: prediction.game_date,
    game_id: prediction.game_id,
    nba_game_id: prediction.nba_game_id,
    player_lookup: prediction.player_lookup,
    system_id: prediction.system_id,
    line_key: prediction.line_key,
    team_abbr: prediction.team_abbr,
    predicted_points: prediction.predicted_points,
    actual_points: actual?.points ?? null,
    minutes_played: actual?.minutes_played ?? null,
    ...(isVoided ? noErrors : errorsOf(prediction.predicted_points, actual.points)),
    points_line: line,
    predicted_margin: line === null ? null : roundTo(prediction.predicted_points - line, 2),
    actual_margin: line === null || isVoided ? null : roundTo(actual.points - line, 1),
    recommendation: prediction.recommendation,
    prediction_correct: isVoided ? null : isCorrect(prediction, actual.points),
    // PrizePicks' lines are shown and judged, but have no price: a win rate over them would mean nothing.
    counts_in_win_rate: !isVoided && prediction.line_source === 'ACTUAL_PROP' && prediction.line_source_api === 'ODDS_API',
    line_source_api: prediction.line_source_api,
    confidence_score: prediction.confidence_score,
    confidence_decile: Math.min(10, Math.floor(prediction.confidence_score * 10) + 1),
    is_voided: isVoided,
    void_reason: isVoided ? voidReason(injuryStatus) : null,
  };
}

const noErrors = { absolute_error: null, signed_error: null, within_3_points: null, within_5_points: null };

function errorsOf(predicted: number, actual: number) {
  const error = roundTo(Math.abs(predicted - actual), 1);
  return { absolute_error: error, signed_error: roundTo(predicted - actual, 1), within_3_points: error <= 3, within_5_points: error <= 5 };
}

/** null on a push, and when no side was taken. */
function isCorrect({ current_points_line: line, recommendation }: Prediction, actual: number): boolean | null {
  if (line === null || actual === line || (recommendation !== 'OVER' && recommendation !== 'UNDER')) return null;
  return actual > line === (recommendation === 'OVER');
}

/** Why a player who was predicted did not play, from what was known before the game. */
function voidReason(injuryStatus: string | undefined): 'dnp_injury_confirmed' | 'dnp_late_scratch' | 'dnp_unknown' {
  switch (injuryStatus) {
    case 'OUT':
    case 'DOUBTFUL':
      return 'dnp_injury_confirmed';
    // Day to day is what one source calls questionable.
    case 'QUESTIONABLE':
    case 'PROBABLE':
    case 'DAY_TO_DAY':
      return 'dnp_late_scratch';
    default:
      return 'dnp_unknown';
  }
}
