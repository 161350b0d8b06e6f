import { groupBy, type UpcomingPlayerContext, type UpcomingTeamContext } from '@handoff/analytics';
import type { OutputName } from '@handoff/catalogue';
import type { PhaseTriggered, Row } from '@handoff/contracts';
import type { Parameters, Ports, Warehouse } from '@handoff/ports';
import { loadGamesOfPlayers, loadSeasonSchedule, loadSummarisedGames, loadTeamTotals } from '@handoff/read-models';
import { buildDailyCache, buildFeatures, groupPlayerGames, rateTeamTotals } from '@handoff/scoring';
import { seasonYearOf } from '@handoff/slate';
import { concerns, spanOf, type Made, type MadeOutput } from './maker.ts';
import upcomingPlayers from './upcoming-players.sql';
import upcomingTeams from './upcoming-teams.sql';

/** The daily cache and the feature vectors of the players of the runs' games, from what lies strictly before each date. */
export async function makeFeatures(trigger: PhaseTriggered, { warehouse }: Ports): Promise<Made> {
  const inputs = await loadInputs(trigger, warehouse);
  const caches: Row[] = [];
  const features: Row[] = [];
  const asked = new Map<string, number>();
  for (const run of trigger.runs) {
    const { gameDate } = run;
    const seasonYear = seasonYearOf(gameDate);
    const players = (inputs.players.get(gameDate) ?? []).filter((player) => concerns(run, player.nba_game_id));
    for (const { nba_game_id: game } of players) asked.set(game, (asked.get(game) ?? 0) + 1);
    const cache = buildDailyCache({ players, playerGames: inputs.playerGames, seasonYear, finalGames: inputs.finalGames, summarisedGames: inputs.summarisedGames });
    const byPlayer = new Map(cache.map((row) => [row.player_lookup, row]));
    const league = rateTeamTotals(await loadTeamTotals(warehouse, gameDate));
    const teams = inputs.teams.get(gameDate) ?? [];
    caches.push(...cache);
    features.push(...players.map((player) => buildFeatures({ player, cache: byPlayer.get(player.player_lookup), playerGames: inputs.playerGames, seasonYear, league, teams })));
  }
  return new Map<OutputName, MadeOutput>([
    ['nba_precompute.player_daily_cache', { rows: caches }],
    ['nba_predictions.ml_feature_store_v2', { rows: features, asked }],
  ]);
}

async function loadInputs(trigger: PhaseTriggered, warehouse: Warehouse) {
  const { from, until } = spanOf(trigger);
  const dates: Parameters = { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } };
  const players = await warehouse.query<UpcomingPlayerContext>({ name: 'run-processors/upcoming-players', text: upcomingPlayers }, dates);
  const teams = await warehouse.query<UpcomingTeamContext>({ name: 'run-processors/upcoming-teams', text: upcomingTeams }, dates);
  const games = await loadGamesOfPlayers(warehouse, [...new Set(players.map(({ player_lookup: player }) => player))], until);
  const schedule = await loadSeasonSchedule(warehouse, from);
  return {
    players: groupBy(players, (player) => player.game_date),
    teams: groupBy(teams, (team) => team.game_date),
    playerGames: groupPlayerGames(games),
    summarisedGames: new Set((await loadSummarisedGames(warehouse, until)).map((summary) => summary.nba_game_id)),
    finalGames: schedule.filter((game) => game.game_status === 3 && !game.is_postponed),
  };
}
