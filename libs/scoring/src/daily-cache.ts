import type { UpcomingPlayerContext } from '@handoff/analytics';
import type { PlayerDailyCacheRow, ScheduleRow, WithoutProvenance } from '@handoff/contracts';
import { windowCompleteness } from './completeness.ts';
import { historyBefore, type PlayerGames, type SeasonTotals } from './player-history.ts';
import { windowsOf } from './windows.ts';

export type PlayerDailyCache = WithoutProvenance<PlayerDailyCacheRow>;

export interface DailyCacheInput {
  /** The players of the slate: only their identity is read. */
  readonly players: readonly Pick<UpcomingPlayerContext, 'game_date' | 'nba_game_id' | 'player_lookup' | 'team_abbr'>[];
  readonly playerGames: PlayerGames;
  readonly seasonYear: number;
  readonly finalGames: readonly WithoutProvenance<ScheduleRow>[];
  readonly summarisedGames: ReadonlySet<string>;
  /** By player, when only a part of the season was loaded: see HistoryQuestion. */
  readonly unloaded?: ReadonlyMap<string, SeasonTotals>;
}

/** One row per player of the slate: his windows, from games strictly before it, and how complete they are. */
export function buildDailyCache(input: DailyCacheInput): readonly PlayerDailyCache[] {
  const completeness = new Map<string, ReturnType<typeof windowCompleteness>>();
  return input.players.map(({ game_date: date, nba_game_id, player_lookup, team_abbr }) => {
    const key = `${date} ${team_abbr}`;
    const ofTeam = completeness.get(key) ?? windowCompleteness({ ...input, team: team_abbr, date });
    completeness.set(key, ofTeam);
    const unloaded = input.unloaded?.get(player_lookup);
    const history = historyBefore(input.playerGames.get(player_lookup) ?? [], {
      date, seasonYear: input.seasonYear, ...(unloaded === undefined ? {} : { unloaded }),
    });
    return { cache_date: date, nba_game_id, player_lookup, team_abbr, ...windowsOf(history, date), ...ofTeam };
  });
}
