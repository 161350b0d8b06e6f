import { gameDateOf, gameCodeOf, parseOfficialId, tricodeOf } from '@handoff/slate';
import { epochMs, hasCode, OfficialGameId, type ScheduleRow, type Tricode } from '@handoff/contracts';
import { z } from 'zod';
import { count, optionalText, zonedInstant } from './fields.ts';
import { Findings } from './findings.ts';
import type { ParsedPayload, PayloadTransform, TransformContext } from './payload.ts';
import { rawRows } from './raw-rows.ts';
import { readPayload } from './read-payload.ts';

const Side = z.object({ teamTricode: optionalText, score: count.optional().transform((score) => score ?? null) });

const Game = z.object({
  gameId: OfficialGameId,
  gameStatus: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  gameStatusText: z.string(),
  gameDateTimeUTC: zonedInstant,
  postponedStatus: optionalText,
  isNeutral: z.boolean().optional(),
  homeTeam: Side,
  awayTeam: Side,
});

const Schedule = z.object({ leagueSchedule: z.object({ gameDates: z.array(z.object({ games: z.array(Game) })) }) });

type ScheduleContent = Omit<ScheduleRow, 'data_hash' | 'source_file_path' | 'fetched_at' | 'processed_at'>;

/** The league says `Y`; its status text says PPD. Either alone is enough. */
const isCalledOff = (game: z.infer<typeof Game>): boolean => game.postponedStatus === 'Y' || game.gameStatusText.trim().toUpperCase().startsWith('PPD');

function sidesOf(game: z.infer<typeof Game>, findings: Findings): { readonly home: Tricode; readonly away: Tricode } | undefined {
  const names = [game.homeTeam.teamTricode, game.awayTeam.teamTricode];
  if (names.some((name) => name === '' || name === 'TBD')) {
    // A place in a bracket: who plays is not known yet.
    findings.ignored('teams-not-drawn');
    return undefined;
  }
  const [home, away] = names.map((name) => tricodeOf(name));
  if (home !== undefined && away !== undefined) return { home, away };
  names.filter((name) => tricodeOf(name) === undefined).forEach((name) => { findings.unresolved('team', name, 'unknown-team'); });
  return undefined;
}

function seasonYear(gameId: string): number | undefined {
  try {
    return parseOfficialId(gameId).seasonYear;
  } catch (error) {
    if (hasCode(error, 'game-id-malformed')) return undefined;
    throw error;
  }
}

function contentOf(game: z.infer<typeof Game>, findings: Findings): ScheduleContent | undefined {
  const sides = sidesOf(game, findings);
  if (sides === undefined) return undefined;
  const season = seasonYear(game.gameId);
  if (season === undefined) {
    findings.unresolved('game', game.gameId, 'unknown-game');
    return undefined;
  }
  const date = gameDateOf(game.gameDateTimeUTC);
  const isPostponed = isCalledOff(game);
  // Before tip-off the source writes 0 for a score that does not exist.
  const hasScore = game.gameStatus !== 1 && !isPostponed;
  findings.speaksOf({ officialId: game.gameId, gameDate: date, ...sides, tipAt: game.gameDateTimeUTC });
  return {
    game_date: date,
    game_id: game.gameId,
    game_code: gameCodeOf({ gameDate: date, ...sides }),
    season_year: season,
    tip_at: epochMs(game.gameDateTimeUTC),
    game_status: game.gameStatus,
    game_status_text: game.gameStatusText.trim(),
    home_team_tricode: sides.home,
    away_team_tricode: sides.away,
    home_team_score: hasScore ? game.homeTeam.score : null,
    away_team_score: hasScore ? game.awayTeam.score : null,
    is_postponed: isPostponed,
    is_neutral_site: game.isNeutral ?? false,
  };
}

function parse(text: string, context: TransformContext): ParsedPayload {
  const findings = new Findings();
  const schedule = readPayload(Schedule, text, { scraper: 'nbac_schedule_api', path: context.path });
  const contents = schedule.leagueSchedule.gameDates
    .flatMap(({ games }) => games)
    .map((game) => contentOf(game, findings))
    .filter((content) => content !== undefined);
  return findings.with(rawRows('nbac_schedule_api', contents, context, findings));
}

/**
 * The league's season schedule, scheduleleaguev2. It is where game identity comes from, so it needs no known
 * games. Games of teams outside the league (tours, all-star) are reported as unknown teams.
 */
export const nbaSchedule: PayloadTransform = { scraper: 'nbac_schedule_api', parse };
