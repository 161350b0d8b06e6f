import { after, type DurationMs, type EpochMs, type OfficialGameId } from '@handoff/contracts';
import type { SlateGame } from '@handoff/slate';
import type { BoundaryUnit, ExpectedUnit } from './boundary-check.ts';

/** A row of a step, as far as the comparison of steps reads it. Games are named by their official id: identity is settled when rows are loaded. */
export interface StepRow extends Record<string, unknown> {
  readonly nba_game_id: string;
  readonly player_lookup: string;
  readonly processed_at: EpochMs;
}

export interface BoxScoreStepRow extends StepRow {
  /** The table that the row is of. */
  readonly source: string;
  readonly team_abbr: string;
  readonly minutes: number;
}

export interface SummaryStepRow extends StepRow {
  readonly points: number;
  readonly minutes_played: number;
}

export interface FeatureStepRow extends StepRow {
  readonly feature_quality_score: number;
}

export interface PredictionStepRow extends StepRow {
  readonly system_id: string;
  readonly is_active: boolean;
  readonly invalidation_reason: string | null;
  readonly current_points_line: number | null;
  readonly predicted_at: EpochMs;
}

export interface GradedStepRow extends StepRow {
  readonly system_id: string;
  readonly is_voided: boolean;
}

/** When a step's output of a date is due, and what it is given after the step before was made. */
export interface StepDue {
  readonly dueAt: EpochMs;
  readonly settleMs: DurationMs;
}

const gameOf = (row: StepRow): OfficialGameId => row.nba_game_id as OfficialGameId;

export const unitsOf = (rows: readonly StepRow[]): readonly BoundaryUnit[] => rows.map((row) => ({ game: gameOf(row), unit: row.player_lookup }));

/** Rows of the games that are played on the date: those of a postponed game belong to no step of it any more. */
export const standingRows = <Row extends StepRow>(rows: readonly Row[], slate: readonly SlateGame[]): readonly Row[] =>
  rows.filter((row) => slate.some(({ officialId, status }) => status !== 'postponed' && officialId === row.nba_game_id));

export function expectedUnits(rows: readonly StepRow[], { dueAt, settleMs }: StepDue): readonly ExpectedUnit[] {
  return rows.map((row) => ({ game: gameOf(row), unit: row.player_lookup, dueAt: latest(dueAt, after(row.processed_at, settleMs)) }));
}

const latest = (left: EpochMs, right: EpochMs): EpochMs => (left > right ? left : right);

/** The games of a date that should have a box score, once it is due; by their own name. */
export const expectedGames = (slate: readonly SlateGame[], dueAfterMs: DurationMs): readonly ExpectedUnit[] =>
  slate.filter(({ status }) => status !== 'postponed').map(({ officialId, tipAt }) => ({ game: officialId, unit: officialId, dueAt: after(tipAt, dueAfterMs) }));

/**
 * The players that summaries are made of: of each game those of the first source, in the order given, in which
 * somebody has minutes, and of its two teams only. The same choice as that of the summaries; here it is made by what
 * the tables hold, so that a choice that went wrong shows.
 */
export function playersListed(rows: readonly BoxScoreStepRow[], slate: readonly SlateGame[], sources: readonly string[]): readonly BoxScoreStepRow[] {
  return slate.filter(({ status }) => status !== 'postponed').flatMap((game) => {
    const own = rows.filter((row) => row.nba_game_id === game.officialId);
    const source = sources.find((name) => own.some((row) => row.source === name && row.minutes > 0));
    return own.filter((row) => row.source === source && (row.team_abbr === game.home || row.team_abbr === game.away));
  });
}

/** The predictions that grading has to judge: active, not taken back, made before tip-off, of a game that has summaries. */
export function gradablePredictions(predictions: readonly PredictionStepRow[], summaries: readonly SummaryStepRow[], slate: readonly SlateGame[]): readonly PredictionStepRow[] {
  const played = new Set(summaries.map((row) => row.nba_game_id));
  const tipOffs = new Map<string, EpochMs>(slate.filter(({ status }) => status !== 'postponed').map((game) => [game.officialId, game.tipAt]));
  return predictions.filter((row) => row.is_active && row.invalidation_reason === null && played.has(row.nba_game_id) && row.predicted_at < (tipOffs.get(row.nba_game_id) ?? 0));
}

/** A prediction as a unit: one of each player and system is graded, whatever its line. */
export const predictionUnit = (row: PredictionStepRow | GradedStepRow): BoundaryUnit => ({ game: gameOf(row), unit: `${row.player_lookup} ${row.system_id}` });

/** When the gradable predictions of a game should be graded: they wait for its summaries, not for themselves. */
export function expectedGrades(gradable: readonly PredictionStepRow[], summaries: readonly SummaryStepRow[], { dueAt, settleMs }: StepDue): readonly ExpectedUnit[] {
  const summarisedAt = new Map<string, EpochMs>();
  for (const row of summaries) summarisedAt.set(row.nba_game_id, latest(summarisedAt.get(row.nba_game_id) ?? row.processed_at, row.processed_at));
  return gradable.map((row) => ({ ...predictionUnit(row), dueAt: latest(dueAt, after(summarisedAt.get(row.nba_game_id) ?? dueAt, settleMs)) }));
}
