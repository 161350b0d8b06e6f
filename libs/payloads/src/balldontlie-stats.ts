import { GameDate } from '@handoff/contracts';
import { tricodeOf, type KnownGame } from '@handoff/slate';
import { z } from 'zod';
import { balldontlieTeam } from './balldontlie-teams.ts';
import { count, difference, hasNextPage, minutesPlayed, optionalText, PageMeta } from './fields.ts';
import { Findings } from './findings.ts';
import { KnownGames } from './known-games.ts';
import type { ParsedPayload, PayloadTransform, TransformContext } from './payload.ts';
import { rawRows } from './raw-rows.ts';
import { readPayload } from './read-payload.ts';
import { BalldontlieStatistics, boxScoreContent, statisticsOfBalldontlie, type BoxScoreContent } from './stat-line.ts';

const Stat = BalldontlieStatistics.extend({
  min: minutesPlayed.optional().transform((minutes) => minutes ?? null),
  plus_minus: difference.optional().transform((value) => value ?? null),
  player: z.object({ id: z.int(), first_name: z.string(), last_name: z.string() }),
  team: z.object({ abbreviation: z.string() }),
  game: z.object({
    // The US date of the game, without a time.
    date: z.string().regex(/^\d{4}-\d{2}-\d{2}/).transform((text) => text.slice(0, 10)).pipe(GameDate),
    status: optionalText,
    home_team_id: z.int(),
    visitor_team_id: z.int(),
    home_team_score: count,
    visitor_team_score: count,
  }),
});

const Stats = z.object({
  data: z.array(Stat),
  meta: PageMeta,
});

function gameOf(stat: z.infer<typeof Stat>, games: KnownGames): KnownGame | undefined {
  return games.bySides({
    gameDate: stat.game.date,
    home: balldontlieTeam(stat.game.home_team_id) ?? `balldontlie team ${stat.game.home_team_id}`,
    away: balldontlieTeam(stat.game.visitor_team_id) ?? `balldontlie team ${stat.game.visitor_team_id}`,
  });
}

function contentOf(stat: z.infer<typeof Stat>, games: KnownGames, findings: Findings): BoxScoreContent | undefined {
  const game = gameOf(stat, games);
  if (game === undefined) return undefined;
  if (!stat.game.status.toLowerCase().startsWith('final')) {
    findings.speaksOf(game);
    findings.notStarted(game);
    return undefined;
  }
  const team = tricodeOf(stat.team.abbreviation);
  if (team === undefined) findings.unresolved('team', stat.team.abbreviation, 'unknown-team');
  return team === undefined
    ? undefined
    : boxScoreContent(
        {
          game, team,
          homeScore: stat.game.home_team_score, awayScore: stat.game.visitor_team_score,
          playerName: `${stat.player.first_name} ${stat.player.last_name}`.trim(), playerId: String(stat.player.id),
          minutes: stat.min, plusMinus: stat.plus_minus, statistics: statisticsOfBalldontlie(stat),
        },
        findings,
      );
}

function parse(text: string, context: TransformContext): ParsedPayload {
  const findings = new Findings();
  const stats = readPayload(Stats, text, { scraper: 'bdl_player_box_scores', path: context.path });
  const games = new KnownGames(context.games, findings);
  const contents = stats.data.map((stat) => contentOf(stat, games, findings)).filter((content) => content !== undefined);
  return findings.with(rawRows('bdl_player_box_scores', contents, context, findings), hasNextPage(stats.meta));
}

/**
 * balldontlie /v1/stats. Its game ids are its own: identity goes through the US date and both teams. Players
 * who did not play have minutes `00` or none, and are rows with 0 minutes.
 */
export const balldontlieStats: PayloadTransform = { scraper: 'bdl_player_box_scores', parse };
