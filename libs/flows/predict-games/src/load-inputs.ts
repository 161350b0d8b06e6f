import type { UpcomingPlayerContext } from '@handoff/analytics';
import type { GameDate, OfficialGameId } from '@handoff/contracts';
import type { Parameters, Warehouse } from '@handoff/ports';
import { loadGamesOfPlayers, loadTeamTotals } from '@handoff/read-models';
import { groupPlayerGames, rateTeamTotals, type FeatureStore, type LeagueForm, type PlayerGames, type Prediction } from '@handoff/scoring';
import featuresOfGames from './features-of-games.sql';
import predictionsOfGames from './predictions-of-games.sql';
import upcomingPlayersOfGames from './upcoming-players-of-games.sql';

/** What games are predicted from, and what was predicted of them before. */
export interface PredictionInputs {
  readonly players: readonly UpcomingPlayerContext[];
  readonly features: ReadonlyMap<string, FeatureStore>;
  readonly history: PlayerGames;
  readonly league: LeagueForm;
  readonly standing: readonly Prediction[];
}

/** Reads the inputs of some games of one date; histories are strictly before it. */
export async function loadInputs(warehouse: Warehouse, gameDate: GameDate, games: readonly OfficialGameId[]): Promise<PredictionInputs> {
  const ofGames: Parameters = { game_date: { type: 'DATE', value: gameDate }, games: { type: 'ARRAY<STRING>', value: games } };
  const players = await warehouse.query<UpcomingPlayerContext>({ name: 'predict-games/upcoming-players', text: upcomingPlayersOfGames }, ofGames);
  const features = await warehouse.query<FeatureStore>({ name: 'predict-games/features', text: featuresOfGames }, ofGames);
  const history = await loadGamesOfPlayers(warehouse, players.map(({ player_lookup: player }) => player), gameDate);
  return {
    players,
    features: new Map(features.map((vector) => [vector.player_lookup, vector])),
    history: groupPlayerGames(history),
    league: rateTeamTotals(await loadTeamTotals(warehouse, gameDate)),
    standing: await loadStanding(warehouse, gameDate, games),
  };
}

/** Reads what was predicted of some games of one date, what was superseded included. */
export function loadStanding(warehouse: Warehouse, gameDate: GameDate, games: readonly OfficialGameId[]): Promise<readonly Prediction[]> {
  return warehouse.query<Prediction>({ name: 'predict-games/predictions', text: predictionsOfGames }, { game_date: { type: 'DATE', value: gameDate }, games: { type: 'ARRAY<STRING>', value: games } });
}
