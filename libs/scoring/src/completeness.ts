import { daysBefore } from '@handoff/analytics';
import { roundTo, type GameDate, type ScheduleRow, type WithoutProvenance } from '@handoff/contracts';
import { daysBetween } from '@handoff/slate';

/** Production ready from here on: reference section 8.3 (it was 90 before January 2026). */
const completePctMin = 70;

export interface CompletenessInput {
  readonly team: string;
  readonly date: string;
  readonly seasonYear: number;
  /** Final games of the schedule; other teams' games and those on or after the date are ignored. */
  readonly finalGames: readonly WithoutProvenance<ScheduleRow>[];
  /** Official ids of the games that have player summaries. */
  readonly summarisedGames: ReadonlySet<string>;
}

/**
 * How much of each window is in the warehouse: games with summaries per final game of the team, 0 to 100.
 *
 * It asks about the team's games, not the player's: a player who rested has a hole in his record and none in
 * our data. A window without final games is complete: nothing is missing from it.
 */
export function windowCompleteness(input: CompletenessInput) {
  const games = input.finalGames
    .filter((game) => isOf(game, input))
    .toSorted((a, b) => b.tip_at - a.tip_at);
  const present = (window: readonly WithoutProvenance<ScheduleRow>[]): number =>
    window.length === 0 ? 100 : roundTo((100 * window.filter((game) => input.summarisedGames.has(game.game_id)).length) / window.length, 1);
  const lastDays = (days: number) => {
    const first = daysBefore(input.date, days);
    return games.filter((game) => game.game_date >= first);
  };
  const windows = {
    l5_completeness_pct: present(games.slice(0, 5)),
    l10_completeness_pct: present(games.slice(0, 10)),
    l7d_completeness_pct: present(lastDays(7)),
    l14d_completeness_pct: present(lastDays(14)),
    l30d_completeness_pct: present(lastDays(30)),
  };
  return { ...windows, all_windows_complete: Object.values(windows).every((pct) => pct >= completePctMin) };
}

function isOf(game: WithoutProvenance<ScheduleRow>, { team, date, seasonYear }: CompletenessInput): boolean {
  if (game.is_postponed || game.home_team_score === null || game.away_team_score === null) return false;
  return game.season_year === seasonYear && game.game_date < date && (game.home_team_tricode === team || game.away_team_tricode === team);
}

/** In which nobody is held to a history: the windows fill up. Requirement F100. */
const bootstrapDays = 30;

export interface HistoryFound {
  /** Of the team's last ten games, 0 to 100. */
  readonly completenessPct: number;
  readonly date: GameDate;
  /** Of the season's first final game; undefined before there is one. */
  readonly firstGameDate: GameDate | undefined;
}

/** True in a season's first weeks, before its first game included. */
export const isBootstrap = (date: GameDate, firstGameDate: GameDate | undefined): boolean => firstGameDate === undefined || daysBetween(firstGameDate, date) < bootstrapDays;

/** Why a player cannot be described from his team's history; undefined when he can. */
export function lackOfHistory({ completenessPct, date, firstGameDate }: HistoryFound): 'history-incomplete' | undefined {
  return isBootstrap(date, firstGameDate) || completenessPct >= completePctMin ? undefined : 'history-incomplete';
}
