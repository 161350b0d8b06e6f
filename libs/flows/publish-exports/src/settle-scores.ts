import type { GameDate, Row } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import type { SlateGame } from '@handoff/slate';
import finalScores from './final-scores.sql';

interface TeamScore extends Row {
  readonly nba_game_id: string;
  readonly team_abbr: string;
  readonly points_scored: number;
}

/** The slate with the scores of games that are summed up already and that its schedule does not call final yet. */
export async function settleScores(slate: readonly SlateGame[], date: GameDate, { warehouse }: Ports): Promise<readonly SlateGame[]> {
  if (slate.every(({ status }) => status === 'final' || status === 'postponed')) return slate;
  const scores = await warehouse.query<TeamScore>({ name: 'publish-exports/final-scores', text: finalScores }, { game_date: { type: 'DATE', value: date } });
  return slate.map((game) => settled(game, scores));
}

function settled(game: SlateGame, scores: readonly TeamScore[]): SlateGame {
  if (game.status === 'final' || game.status === 'postponed') return game;
  const scoreOf = (team: string): number | undefined => scores.find((score) => score.nba_game_id === game.officialId && score.team_abbr === team)?.points_scored;
  const [homeScore, awayScore] = [scoreOf(game.home), scoreOf(game.away)];
  return homeScore === undefined || awayScore === undefined ? game : { ...game, status: 'final', homeScore, awayScore };
}
