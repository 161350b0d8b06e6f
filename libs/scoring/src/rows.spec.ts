import { describeUpcomingPlayers, describeUpcomingTeams, summarisePlayerGames, summariseTeamDefense, summariseTeamOffense } from '@handoff/analytics';
import {
  FeatureStoreRow, gameDate, parseInstant, PlayerDailyCacheRow, PlayerGameSummaryRow, PredictionAccuracyRow, PredictionRow, SystemDailyPerformanceRow, TeamDefenseGameSummaryRow,
  TeamOffenseGameSummaryRow, UpcomingPlayerGameContextRow, UpcomingTeamGameContextRow,
} from '@handoff/contracts';
import { aBoxScore, aGame, aLine, aSummary } from '@handoff/testing';
import { expect, it } from 'vitest';
import { buildDailyCache } from './daily-cache.ts';
import { buildFeatures } from './features.ts';
import { gradeSlate } from './grading.ts';
import { summariseSystems } from './performance.ts';
import { groupPlayerGames } from './player-history.ts';
import { predictPlayer } from './predictions.ts';
import { predictionSystems } from './systems/systems.ts';
import { rateTeams } from './team-form.ts';

const provenance = ['data_hash', 'run_id', 'revision', 'is_degraded', 'processed_at'];

// One player through all phases: a game on the 13th, a slate on the 15th, its grades.
const past = aGame({ game_id: '0022500560', game_date: '2026-01-13', tip_at: parseInstant('2026-01-13T23:00:00Z') });
const box = [aBoxScore({ nba_game_id: past.game_id, game_date: past.game_date }), aBoxScore({ nba_game_id: past.game_id, game_date: past.game_date, team_abbr: 'MEM', player_lookup: 'jamorant' })];
const input = { primary: { output: 'box', rows: box }, alternatives: [], games: [past] };
const summaries = summarisePlayerGames(input);
const offense = summariseTeamOffense(input);
const defense = summariseTeamDefense(input);
const slate = { gameDate: gameDate('2026-01-15'), games: [aGame()], now: parseInstant('2026-01-15T18:00:00Z') };
const teams = describeUpcomingTeams({ ...slate, history: [past], summaries: offense });
const players = describeUpcomingPlayers({ ...slate, history: summaries, teamGames: [past], injuries: [], lines: { ODDS_API: [aLine()], PRIZEPICKS: [] } });
const playerGames = groupPlayerGames(summaries);
const league = rateTeams({ offense, defense, date: '2026-01-15', seasonYear: 2025 });
const caches = buildDailyCache({ players, playerGames, seasonYear: 2025, finalGames: [past], summarisedGames: new Set([past.game_id]) });
const features = players.map((player, index) => buildFeatures({ player, cache: caches[index], playerGames, seasonYear: 2025, league, teams }));
const predictions = players.flatMap((player, index) => {
  const made = predictPlayer({ player, features: features[index]!, games: playerGames.get(player.player_lookup)!, league, systems: predictionSystems, now: slate.now });
  return made.verdict === 'predicted' ? made.rows : [];
});
const graded = gradeSlate({ predictions, summaries: [aSummary()], games: [aGame()], injuryStatus: new Map() }).rows;

it.each([
  ['player_game_summary', PlayerGameSummaryRow, summaries], ['team_offense_game_summary', TeamOffenseGameSummaryRow, offense], ['team_defense_game_summary', TeamDefenseGameSummaryRow, defense],
  ['upcoming_team_game_context', UpcomingTeamGameContextRow, teams], ['upcoming_player_game_context', UpcomingPlayerGameContextRow, players], ['player_daily_cache', PlayerDailyCacheRow, caches],
  ['ml_feature_store_v2', FeatureStoreRow, features], ['player_prop_predictions', PredictionRow, predictions], ['prediction_accuracy', PredictionAccuracyRow, graded],
  ['system_daily_performance', SystemDailyPerformanceRow, summariseSystems(graded)],
] as const)('the rows of %s are whole but for the writer\'s provenance, and of the contract\'s types', (_, schema, rows) => {
  expect(rows.length).toBeGreaterThan(0);
  const stamp = { data_hash: 'hash', run_id: 'run', revision: 1, is_degraded: false, processed_at: slate.now };
  for (const row of rows) {
    expect(schema.strict().safeParse({ ...row, ...stamp }).error).toBeUndefined();
    expect(Object.keys(row).filter((column) => provenance.includes(column))).toEqual([]);
  }
});
