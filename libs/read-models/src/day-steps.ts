import { boxScoreOutput, withStandIns } from '@handoff/catalogue';
import type { GameDate } from '@handoff/contracts';
import type { Parameters, Statement, Warehouse } from '@handoff/ports';
import type { BoxScoreStepRow, FeatureStepRow, GradedStepRow, PredictionStepRow, StepRow, SummaryStepRow } from '@handoff/validation';
import featuresOfDate from './features-of-date.sql';
import gradesOfDate from './grades-of-date.sql';
import phasesOfDate from './phases-of-date.sql';
import predictionsOfDate from './predictions-of-date.sql';
import summariesOfDate from './summaries-of-date.sql';
import upcomingOfDate from './upcoming-of-date.sql';

/** What the tables hold of one date, step by step: who is in which game, and since when. */
export interface DaySteps {
  readonly boxScores: readonly BoxScoreStepRow[];
  readonly summaries: readonly SummaryStepRow[];
  readonly upcoming: readonly StepRow[];
  readonly features: readonly FeatureStepRow[];
  readonly predictions: readonly PredictionStepRow[];
  readonly graded: readonly GradedStepRow[];
}

const of = (date: GameDate): Parameters => ({ game_date: { type: 'DATE', value: date } });

/** Reads all steps of a date. A failed query throws: nothing is taken for missing because it could not be read. */
export async function loadDaySteps(warehouse: Warehouse, date: GameDate): Promise<DaySteps> {
  return {
    ...(await loadPlayersOfGames(warehouse, date)),
    upcoming: await warehouse.query<StepRow>({ name: 'read-models/upcoming-of-date', text: upcomingOfDate }, of(date)),
    features: await warehouse.query<FeatureStepRow>({ name: 'read-models/features-of-date', text: featuresOfDate }, of(date)),
    predictions: await warehouse.query<PredictionStepRow>({ name: 'read-models/predictions-of-date', text: predictionsOfDate }, of(date)),
    graded: await warehouse.query<GradedStepRow>({ name: 'read-models/grades-of-date', text: gradesOfDate }, of(date)),
  };
}

/** The games from one date to another, both included, that have a box score from any source. */
export const collectedGamesStatement = (): Statement => ({
  name: 'read-models/collected-games',
  text: withStandIns(boxScoreOutput).map((table) => `SELECT scores.nba_game_id FROM \`${table}\` AS scores WHERE scores.game_date BETWEEN @from_date AND @until_date`).join('\nUNION DISTINCT\n'),
});

/** The players and teams of whom a box score of a date since `since` is there, from any source. */
export const arrivedEntitiesStatement = (): Statement => ({
  name: 'read-models/arrived-entities',
  text: withStandIns(boxScoreOutput).map((table) => `SELECT scores.player_lookup, scores.team_abbr FROM \`${table}\` AS scores WHERE scores.game_date >= @since`).join('\nUNION DISTINCT\n'),
});

/** Who is listed in the box scores of a date, by source: every table that holds some, as the catalogue names them. */
export const boxScoresStatement = (): Statement => ({
  name: 'read-models/box-scores-of-date',
  text: withStandIns(boxScoreOutput).map((table) => [
    `SELECT '${table}' AS source, scores.nba_game_id, scores.player_lookup, scores.team_abbr, scores.minutes, scores.processed_at`,
    `FROM \`${table}\` AS scores`,
    'WHERE scores.game_date = @game_date',
  ].join('\n')).join('\nUNION ALL\n'),
});

/** Who is listed in the box scores of a date, and who is summarised. A failed query throws. */
export async function loadPlayersOfGames(warehouse: Warehouse, date: GameDate): Promise<Pick<DaySteps, 'boxScores' | 'summaries'>> {
  return {
    boxScores: await warehouse.query<BoxScoreStepRow>(boxScoresStatement(), of(date)),
    summaries: await warehouse.query<SummaryStepRow>({ name: 'read-models/summaries-of-date', text: summariesOfDate }, of(date)),
  };
}

/** How a phase of a date stands by the ledger; counts are of outputs and scopes. */
export interface PhaseStanding extends Record<string, unknown> {
  readonly phase: string;
  readonly flow: string;
  /** empty, success, degraded, partial, failed or running. */
  readonly status: string;
  readonly expected: number;
  readonly complete: number;
  readonly degraded: number;
  readonly failed: number;
  readonly missed: number;
}

/** How every phase of a date stands, by the ledger. */
export const loadPhaseStandings = (warehouse: Warehouse, date: GameDate): Promise<readonly PhaseStanding[]> =>
  warehouse.query<PhaseStanding>({ name: 'read-models/phases-of-date', text: phasesOfDate }, of(date));
