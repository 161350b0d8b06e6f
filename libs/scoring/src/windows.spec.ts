import { daysBefore, summarisePlayerGames } from '@handoff/analytics';
import { aGame, aSummary, readRealSeason, realDataMissing } from '@handoff/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { windowCompleteness } from './completeness.ts';
import { buildDailyCache } from './daily-cache.ts';
import { groupPlayerGames, historyBefore } from './player-history.ts';
import { windowsOf } from './windows.ts';

const date = '2026-01-15';
const played = (daysAgo: number, points: number, over: Parameters<typeof aSummary>[0] = {}) => aSummary({ game_date: daysBefore(date, daysAgo), points, ...over });
const windows = (rows: readonly ReturnType<typeof aSummary>[]) => windowsOf(historyBefore(groupPlayerGames(rows).get('paolobanchero') ?? [], { date, seasonYear: 2025 }), date);

describe('windows of a player', () => {
  it('are empty, not zero, for somebody who has not played', () => {
    expect(windows([])).toMatchObject({ games_played_season: 0, points_avg_last_5: null, points_avg_season: null, points_std_last_10: null, ppm_avg_last_10: null, last_game_date: null });
  });

  it('hold the last 5 and 10 games, whatever the order in which they came', () => {
    const rows = Array.from({ length: 12 }, (_, index) => played(2 * (index + 1), 12 - index));
    // Points rise by one a game up to 12.
    expect(windows(rows)).toEqual(windows(rows.toReversed()));
    expect(windows(rows)).toMatchObject({ points_avg_last_5: 10, points_avg_last_10: 7.5, points_avg_season: 6.5, points_std_last_10: 2.872, games_played_season: 12 });
  });

  it.each([
    [0, { games_in_last_7_days: 0, games_played_season: 0 }],
    [-1, { games_in_last_7_days: 0, games_played_season: 0 }],
    [1, { games_in_last_7_days: 1, points_avg_last_7_days: 20 }],
    [7, { games_in_last_7_days: 1, points_avg_last_7_days: 20 }],
    [8, { games_in_last_7_days: 0, points_avg_last_7_days: null, games_in_last_14_days: 1, points_avg_last_14_days: 20 }],
    [15, { games_in_last_14_days: 0, points_avg_last_14_days: null, points_avg_last_30_days: 20 }],
    [31, { points_avg_last_30_days: null, points_avg_season: 20, points_avg_last_5: 20 }],
  ])('with a game %d days before the slate: %j', (daysAgo, expected) => {
    expect(windows([played(daysAgo, 20)])).toMatchObject(expected);
  });

  it('do not count games without minutes, nor those of another season', () => {
    expect(windows([played(2, 0, { minutes_played: 0 }), played(4, 30), played(250, 50, { season_year: 2024 })])).toMatchObject({ points_avg_last_5: 30, points_avg_season: 30, games_played_season: 1 });
  });

  it('take season totals of games that were not loaded', () => {
    const loaded = historyBefore([played(4, 30)], { date, seasonYear: 2025, unloaded: { games: 3, points: 30, minutes: 90 } });
    expect(windowsOf(loaded, date)).toMatchObject({ points_avg_season: 15, games_played_season: 4, points_avg_last_10: 30 });
  });
});

describe('completeness of a team\'s windows', () => {
  const games = Array.from({ length: 12 }, (_, index) => aGame({ game_id: `00225000${String(index + 10)}`, game_date: daysBefore(date, 3 * (index + 1)), tip_at: (aGame().tip_at - index * 3 * 86_400_000) as never }));
  const completeness = (summarised: readonly string[], finalGames = games) => windowCompleteness({ team: 'ORL', date, seasonYear: 2025, finalGames, summarisedGames: new Set(summarised) });

  it('is the share of final games with summaries, window by window', () => {
    const summarised = games.filter((_, index) => index !== 0 && index !== 6).map((game) => game.game_id);
    expect(completeness(summarised)).toEqual({
      l5_completeness_pct: 80, l10_completeness_pct: 80, l7d_completeness_pct: 50, l14d_completeness_pct: 75, l30d_completeness_pct: 80, all_windows_complete: false,
    });
  });

  it('is 100 where nothing has been played, and ignores other teams, postponed games and the slate itself', () => {
    const irrelevant = [aGame({ home_team_tricode: 'LAL' , away_team_tricode: 'BOS', game_date: '2026-01-14' }), aGame({ is_postponed: true, game_date: '2026-01-14' }), aGame({ home_team_score: null, away_team_score: null, game_date: '2026-01-14' }), aGame()];
    expect(completeness([], irrelevant)).toMatchObject({ l5_completeness_pct: 100, all_windows_complete: true });
  });

  it('calls a window complete from 70 percent on', () => {
    const summarised = games.filter((_, index) => index !== 3).map((game) => game.game_id);
    expect(completeness(summarised)).toMatchObject({ l5_completeness_pct: 80, l14d_completeness_pct: 75, all_windows_complete: true });
  });
});

const missing = realDataMissing();

describe('on the season 2024-25', () => {
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing);
  });

  it('makes the daily cache of a slate of 15 games at the end of the season in under 30 ms, the best of ten', () => {
    const season = readRealSeason('2024-25');
    const summaries = summarisePlayerGames({ primary: { output: 'box', rows: season.boxScores }, alternatives: [], games: season.games });
    const players = summaries.filter((row) => row.game_date === '2025-04-13');
    const input = { players, playerGames: groupPlayerGames(summaries), seasonYear: 2024, finalGames: season.games, summarisedGames: new Set(summaries.map((row) => row.nba_game_id)) };
    const durations = Array.from({ length: 10 }, () => {
      const start = performance.now();
      expect(buildDailyCache(input)).toHaveLength(players.length);
      return performance.now() - start;
    });
    expect(players.length).toBeGreaterThan(250);
    expect(Math.min(...durations)).toBeLessThan(30);
  });
});
