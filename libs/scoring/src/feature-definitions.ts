import type { UpcomingPlayerContext } from '@handoff/analytics';
import type { LeagueForm, TeamForm } from './team-form.ts';
import { clamp, mean } from './statistics.ts';
import type { windowsOf } from './windows.ts';
import type { PlayedGame } from './player-history.ts';

/** Everything that a feature may be read from; all of it as of the morning of the slate. */
export interface FeatureFacts {
  readonly player: UpcomingPlayerContext;
  readonly windows: Omit<ReturnType<typeof windowsOf>, 'last_game_date'>;
  readonly pastGames: readonly PlayedGame[];
  readonly own: TeamForm | undefined;
  readonly opponent: TeamForm | undefined;
  readonly league: LeagueForm['league'];
  /** Days since the opponent's last game. */
  readonly opponentRestDays: number | null;
  /** Wins and losses of the player's team this season. */
  readonly record: { readonly wins: number; readonly losses: number } | null;
}

export interface FeatureDefinition {
  readonly name: string;
  /** The constant that stands in when there is nothing to compute from; counted as a default. */
  readonly whenMissing: number;
  /** `windows`: read from the daily cache, or worked out again without it. `none`: not computed yet, always the constant. */
  readonly from: 'windows' | 'facts' | 'none';
  /** null when the data is not there. */
  readonly value: (facts: FeatureFacts) => number | null;
}

const fromWindows = (name: keyof FeatureFacts['windows'], whenMissing: number): FeatureDefinition => ({
  name, whenMissing, from: 'windows', value: ({ windows }) => windows[name],
});

const fromFacts = (name: string, whenMissing: number, value: FeatureDefinition['value']): FeatureDefinition => ({ name, whenMissing, from: 'facts', value });

const notComputed = (name: string, whenMissing: number): FeatureDefinition => ({ name, whenMissing, from: 'none', value: () => null });

const difference = (minuend: number | null, subtrahend: number | null): number | null =>
  minuend === null || subtrahend === null ? null : minuend - subtrahend;

/** Rest beyond four days is no further advantage. */
const restedDays = (days: number | null): number | null => (days === null ? null : clamp(days, 0, 4));

const isPlayoffs = (officialGameId: string): boolean => officialGameId.startsWith('004');

const against = ({ pastGames, player }: FeatureFacts): readonly PlayedGame[] =>
  pastGames.filter((game) => game.opponent_team_abbr === player.opponent_team_abbr);

/**
 * The feature vector v2: names, order and meaning (reference section 8.1). The order is the contract of the
 * stored vector: append, never insert.
 *
 * Constants for points, minutes and points per minute are the league's means of 2024-25 (10.9, 23.0 and
 * 0.47 over 22,699 player games), ratings and pace those of `typicalTeam`; scores and differences are 0,
 * their neutral value. A missing line is 0, which no line can be (20.0 can).
 */
export const featureDefinitions: readonly FeatureDefinition[] = [
  fromWindows('points_avg_last_5', 10.9),
  fromWindows('points_avg_last_10', 10.9),
  fromWindows('points_avg_season', 10.9),
  fromWindows('points_std_last_10', 5.5),
  fromWindows('games_in_last_7_days', 3),
  notComputed('fatigue_score', 50),
  notComputed('shot_zone_mismatch_score', 0),
  // Possessions per 48 minutes that this pairing is expected to play above the league's mean.
  fromFacts('pace_score', 0, ({ own, opponent, league }) =>
    own === undefined || opponent === undefined ? null : (own.pace + opponent.pace) / 2 - league.pace),
  notComputed('usage_spike_score', 0),
  // Days of rest more than the opponent, each counted up to four.
  fromFacts('rest_advantage', 0, ({ player, opponentRestDays }) => difference(restedDays(player.days_rest), restedDays(opponentRestDays))),
  notComputed('injury_risk', 0),
  // Points per game, last 5 games less season.
  fromFacts('recent_trend', 0, ({ windows }) => difference(windows.points_avg_last_5, windows.points_avg_season)),
  // Minutes per game, last 5 games less last 10.
  fromFacts('minutes_change', 0, ({ windows }) => difference(windows.minutes_avg_last_5, windows.minutes_avg_last_10)),
  fromFacts('opponent_def_rating', 112.6, ({ opponent }) => opponent?.defensiveRating ?? null),
  fromFacts('opponent_pace', 100.6, ({ opponent }) => opponent?.pace ?? null),
  fromFacts('home_away', 0, ({ player }) => (player.is_home ? 1 : 0)),
  fromFacts('back_to_back', 0, ({ player }) => (player.is_back_to_back ? 1 : 0)),
  fromFacts('playoff_game', 0, ({ player }) => (isPlayoffs(player.nba_game_id) ? 1 : 0)),
  // Shot mix needs play-by-play, which is not loaded yet: shares of a typical shot chart.
  notComputed('pct_paint', 0.45),
  notComputed('pct_mid_range', 0.13),
  notComputed('pct_three', 0.42),
  notComputed('pct_free_throw', 0.16),
  fromFacts('team_pace', 100.6, ({ own }) => own?.pace ?? null),
  fromFacts('team_off_rating', 112.6, ({ own }) => own?.offensiveRating ?? null),
  fromFacts('team_win_pct', 0.5, ({ record }) => (record === null || record.wins + record.losses === 0 ? null : record.wins / (record.wins + record.losses))),
  fromFacts('vegas_points_line', 0, ({ player }) => player.current_points_line),
  fromFacts('vegas_opening_line', 0, ({ player }) => player.opening_points_line),
  fromFacts('vegas_line_move', 0, ({ player }) => difference(player.current_points_line, player.opening_points_line)),
  // That nobody offers a line is known, not missing: never a default.
  fromFacts('has_vegas_line', 0, ({ player }) => (player.has_prop_line ? 1 : 0)),
  fromFacts('avg_points_vs_opponent', 10.9, (facts) => mean(against(facts).map((game) => game.points))),
  fromFacts('games_vs_opponent', 0, (facts) => against(facts).length),
  fromWindows('minutes_avg_last_10', 23),
  fromWindows('ppm_avg_last_10', 0.47),
];

/** Features that nobody can have before a book offers a line: a date without one lacks them rightly. */
export const lineFeatures: ReadonlySet<string> = new Set(['vegas_points_line', 'vegas_opening_line', 'vegas_line_move']);
