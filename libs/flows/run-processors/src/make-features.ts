import { groupBy, type UpcomingPlayerContext, type UpcomingTeamContext } from '@handoff/analytics';
import type { OutputName } from '@handoff/catalogue';
import { gameDate as dateOf, isInRetrospect, type GameDate, type PhaseTriggered, type Row } from '@handoff/contracts';
import type { Parameters, Warehouse } from '@handoff/ports';
import { loadGamesOfPlayers, loadSeasonSchedule, loadSummarisedGames, loadTeamTotals } from '@handoff/read-models';
import { buildDailyCache, buildFeatures, groupPlayerGames, rateTeamTotals } from '@handoff/scoring';
import { seasonYearOf } from '@handoff/slate';
import { leaveOutPlayers } from './leave-out-players.ts';
import { concerns, spanOf, type Made, type MadeOutput, type MakerContext } from './maker.ts';
import upcomingPlayers from './upcoming-players.sql';
import upcomingTeams from './upcoming-teams.sql';

/** The daily cache and the feature vectors of the players of the runs' games, from what lies strictly before each date. */
export async function makeFeatures(trigger: PhaseTriggered, context: MakerContext): Promise<Made> {
  const { ports: { warehouse }, correlationId } = context;
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
    // A past date is described as it was found: nothing is predicted of it, and nobody is locked out for it.
    const leftOut = isInRetrospect(trigger.purpose) ? new Set<string>() : await leaveOutPlayers({ run, cache, firstGameDate: firstGameDateOf(inputs.finalGames, seasonYear), correlationId }, context);
    caches.push(...cache);
    const described = players.filter(({ player_lookup: player }) => !leftOut.has(player));
    features.push(...described.map((player) => buildFeatures({ player, cache: byPlayer.get(player.player_lookup), playerGames: inputs.playerGames, seasonYear, league, teams })));
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

/** Undefined before a season's first final game. */
export function firstGameDateOf(finalGames: readonly { readonly game_date: string; readonly season_year: number }[], seasonYear: number): GameDate | undefined {
  const [first] = finalGames.filter((game) => game.season_year === seasonYear).map((game) => game.game_date).toSorted();
  return first === undefined ? undefined : dateOf(first);
}
