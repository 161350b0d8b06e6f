import type { PlayerGameSummary, UpcomingPlayerContext } from '@handoff/analytics';
import type { GameDate, OfficialGameId } from '@handoff/contracts';
import type { Parameters, Warehouse } from '@handoff/ports';
import { loadTeamForms } from '@handoff/read-models';
import { groupPlayerGames, rateTeams, type FeatureStore, type LeagueForm, type PlayerGames, type Prediction } from '@handoff/scoring';
import { seasonStart, seasonYearOf } from '@handoff/slate';
import featuresOfGame from './features-of-game.sql';
import historyOfPlayers from './history-of-players.sql';
import predictionsOfGame from './predictions-of-game.sql';
import upcomingPlayersOfGame from './upcoming-players-of-game.sql';

/** What one game is predicted from, and what was predicted of it before. */
export interface GameInputs {
  readonly players: readonly UpcomingPlayerContext[];
  readonly features: ReadonlyMap<string, FeatureStore>;
  readonly history: PlayerGames;
  readonly league: LeagueForm;
  readonly standing: readonly Prediction[];
}

export async function loadGameInputs(warehouse: Warehouse, gameDate: GameDate, game: OfficialGameId): Promise<GameInputs> {
  const ofGame: Parameters = { game_date: { type: 'DATE', value: gameDate }, game: { type: 'STRING', value: game } };
  const players = await warehouse.query<UpcomingPlayerContext>({ name: 'predict-game/upcoming-players-of-game', text: upcomingPlayersOfGame }, ofGame);
  const features = await warehouse.query<FeatureStore>({ name: 'predict-game/features-of-game', text: featuresOfGame }, ofGame);
  const standing = await warehouse.query<Prediction>({ name: 'predict-game/predictions-of-game', text: predictionsOfGame }, ofGame);
  const history = await warehouse.query<PlayerGameSummary>(
    { name: 'predict-game/history-of-players', text: historyOfPlayers },
    {
      season_start: { type: 'DATE', value: seasonStart(seasonYearOf(gameDate)) },
      game_date: { type: 'DATE', value: gameDate },
      players: { type: 'ARRAY<STRING>', value: players.map(({ player_lookup: player }) => player) },
    },
  );
  const { offense, defense } = await loadTeamForms(warehouse, gameDate);
  return {
    players,
    features: new Map(features.map((vector) => [vector.player_lookup, vector])),
    history: groupPlayerGames(history),
    league: rateTeams({ offense, defense, date: gameDate, seasonYear: seasonYearOf(gameDate) }),
    standing,
  };
}
