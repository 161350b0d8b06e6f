import type { UpcomingPlayerContext, UpcomingTeamContext } from '@handoff/analytics';
import { roundTo, type FeatureStoreRow, type WithoutProvenance } from '@handoff/contracts';
import type { PlayerDailyCache } from './daily-cache.ts';
import { featureDefinitions, type FeatureDefinition, type FeatureFacts } from './feature-definitions.ts';
import { historyBefore, type PlayerGames } from './player-history.ts';
import { dataSourceOf, qualityScore, qualityTier, type FeatureOrigin } from './quality.ts';
import type { LeagueForm } from './team-form.ts';
import { windowsOf } from './windows.ts';

export type FeatureStore = WithoutProvenance<FeatureStoreRow>;

/** Features ready for production need this quality and complete windows: reference sections 8.2 and 8.3. */
const productionScoreMin = 70;

export interface FeatureInput {
  readonly player: UpcomingPlayerContext;
  /** Missing: the windows are worked out from the player's games, and their origin is the phase3 fallback. */
  readonly cache: PlayerDailyCache | undefined;
  readonly playerGames: PlayerGames;
  readonly seasonYear: number;
  readonly league: LeagueForm;
  /** Contexts of the slate's teams: both teams' rest and record. */
  readonly teams: readonly UpcomingTeamContext[];
}

/**
 * The feature vector of one player in one upcoming game. It reads nothing that happened on or after the
 * game date: histories are cut at the date here, the other inputs carry their own date.
 *
 * @throws RangeError when the cache row is of another player or date: a vector mixed from two days looks right.
 */
export function buildFeatures(input: FeatureInput): FeatureStore {
  const { player, cache } = input;
  if (cache !== undefined && (cache.cache_date !== player.game_date || cache.player_lookup !== player.player_lookup))
    throw new RangeError(`daily cache of ${cache.player_lookup} on ${cache.cache_date} given for ${player.player_lookup} on ${player.game_date}`);
  const facts = factsOf(input);
  const built = featureDefinitions.map((definition) => featureOf(definition, facts, cache !== undefined));
  const origins = built.map(({ origin }) => origin);
  const defaults = built.filter(({ origin }) => origin === 'default').map(({ name }) => name);
  const score = qualityScore(origins);
  return {
    game_date: player.game_date,
    game_id: player.game_id,
    nba_game_id: player.nba_game_id,
    player_lookup: player.player_lookup,
    team_abbr: player.team_abbr,
    opponent_team_abbr: player.opponent_team_abbr,
    feature_version: 'v2',
    feature_count: built.length,
    feature_names: built.map(({ name }) => name),
    features: built.map(({ value }) => value),
    feature_origins: origins,
    feature_quality_score: score,
    default_feature_count: defaults.length,
    default_feature_names: defaults,
    quality_tier: qualityTier(score),
    data_source: dataSourceOf(origins),
    is_production_ready: score >= productionScoreMin && cache?.all_windows_complete === true,
  };
}

/** A feature by name, or null when the row holds only its constant: for readers that must not take one for the other. */
export function knownFeature(row: FeatureStore, name: string): number | null {
  const index = row.feature_names.indexOf(name);
  return row.feature_origins[index] === 'default' ? null : (row.features[index] ?? null);
}

function factsOf({ player, cache, playerGames, seasonYear, league, teams }: FeatureInput): FeatureFacts {
  const history = historyBefore(playerGames.get(player.player_lookup) ?? [], { date: player.game_date, seasonYear });
  const contextOf = (team: string) => teams.find((context) => context.nba_game_id === player.nba_game_id && context.team_abbr === team);
  const own = contextOf(player.team_abbr);
  return {
    player,
    windows: cache ?? windowsOf(history, player.game_date),
    pastGames: history.games,
    own: league.teams.get(player.team_abbr),
    opponent: league.teams.get(player.opponent_team_abbr),
    league: league.league,
    opponentRestDays: contextOf(player.opponent_team_abbr)?.days_rest ?? null,
    record: own === undefined ? null : { wins: own.season_wins, losses: own.season_losses },
  };
}

interface BuiltFeature {
  readonly name: string;
  readonly value: number;
  readonly origin: FeatureOrigin;
}

function featureOf({ name, whenMissing, from, value }: FeatureDefinition, facts: FeatureFacts, hasCache: boolean): BuiltFeature {
  const computed = value(facts);
  if (computed === null) return { name, value: whenMissing, origin: 'default' };
  const origin = from === 'windows' ? (hasCache ? 'phase4' : 'phase3') : 'calculated';
  return { name, value: roundTo(computed, 4), origin };
}
