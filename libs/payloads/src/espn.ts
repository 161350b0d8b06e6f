import type { EpochMs } from '@handoff/contracts';
import { gameDateOf, tricodeOf } from '@handoff/slate';
import { z } from 'zod';
import { count, difference, minutesPlayed, zonedInstant } from './fields.ts';
import { Findings } from './findings.ts';
import { KnownGames } from './known-games.ts';
import type { ParsedPayload, PayloadTransform, TransformContext } from './payload.ts';
import { rawRows } from './raw-rows.ts';
import { malformed, readPayload, type PayloadOrigin } from './read-payload.ts';
import { boxScoreContent, type BoxScoreContent, type StatLine } from './stat-line.ts';

/** An event of the scoreboard: the id under which its page is asked for, and whose game it is. */
export interface EspnEvent {
  readonly eventId: string;
  readonly commenceAt: EpochMs;
  readonly home: string;
  readonly away: string;
}

const Side = z.object({ homeAway: z.enum(['home', 'away']), team: z.object({ abbreviation: z.string().min(1) }) });
const Scoreboard = z.object({
  events: z.array(z.object({ id: z.string().min(1), date: zonedInstant, competitions: z.array(z.object({ competitors: z.array(Side) })).min(1) })),
});

/**
 * Reads ESPN's scoreboard of a date. It is not loaded: it tells which pages to ask for.
 *
 * @throws PipelineError `payload-malformed` (reject).
 */
export function parseEspnScoreboard(text: string, path: string): readonly EspnEvent[] {
  const { events } = readPayload(Scoreboard, text, { scraper: 'espn_scoreboard', path });
  return events.map(({ id, date, competitions: [game] }) => {
    const named = (side: 'home' | 'away'): string => game?.competitors.find(({ homeAway }) => homeAway === side)?.team.abbreviation ?? '';
    return { eventId: id, commenceAt: date, home: named('home'), away: named('away') };
  });
}

const Athlete = z.object({ stats: z.array(z.string()), athlt: z.object({ id: z.string().min(1), dspNm: z.string() }) });
/** Starters and bench have players; the totals of a team have none. */
const Group = z.object({ keys: z.array(z.string()).optional(), athlts: z.array(Athlete).optional() });
const Team = z.object({ tm: z.object({ abbrev: z.string() }), stats: z.array(Group) });
const Header = z.object({ dt: zonedInstant, statusState: z.string(), tms: z.array(z.object({ abbrev: z.string(), isHome: z.boolean(), score: z.string().optional() })) });
const Page = z.object({ page: z.object({ content: z.object({ gamepackage: z.object({ gmStrp: Header, bxscr: z.array(Team).default([]) }) }) }) });
type Team = z.infer<typeof Team>;
type Header = z.infer<typeof Header>;

/** The page carries its data as one object in a script. */
const marker = "window['__espnfitt__']=";

function dataOf(text: string, origin: PayloadOrigin): string {
  const start = text.indexOf(marker);
  const end = text.indexOf(';</script>', start);
  if (start < 0 || end < 0) throw malformed(origin, 'the page', `no ${marker} in a script of it`);
  return text.slice(start + marker.length, end);
}

const asNumber = (value: string | undefined): unknown => (value === undefined ? null : Number(value));
/** `5-9`: made and attempted. */
const madeOf = (value: string | undefined): unknown => asNumber(value?.split('-')[0]);
const attemptedOf = (value: string | undefined): unknown => asNumber(value?.split('-')[1]);

const Line = z.object({
  minutes: minutesPlayed, plusMinus: difference,
  statistics: z.object({
    points: count, assists: count, rebounds: count, offensive_rebounds: count, defensive_rebounds: count, steals: count, blocks: count, turnovers: count, personal_fouls: count,
    field_goals_made: count, field_goals_attempted: count, three_pointers_made: count, three_pointers_attempted: count, free_throws_made: count, free_throws_attempted: count,
  }),
});

const columns = ['minutes', 'fieldGoalsMade-fieldGoalsAttempted', 'threePointFieldGoalsMade-threePointFieldGoalsAttempted', 'freeThrowsMade-freeThrowsAttempted', 'offensiveRebounds', 'defensiveRebounds', 'rebounds', 'assists', 'steals', 'blocks', 'turnovers', 'fouls', 'plusMinus', 'points'] as const;

/** A player who did not play is listed without statistics. */
function lineOf(keys: readonly string[], stats: readonly string[], origin: PayloadOrigin): z.infer<typeof Line> {
  const missing = columns.filter((column) => !keys.includes(column));
  if (missing.length > 0) throw malformed(origin, 'bxscr.stats.keys', `missing ${missing.join(', ')}`);
  const value = (column: (typeof columns)[number]): string | undefined => stats[keys.indexOf(column)];
  const [goals, threes, throws] = [value('fieldGoalsMade-fieldGoalsAttempted'), value('threePointFieldGoalsMade-threePointFieldGoalsAttempted'), value('freeThrowsMade-freeThrowsAttempted')];
  const parsed = Line.safeParse({
    minutes: value('minutes') ?? null, plusMinus: asNumber(value('plusMinus')),
    statistics: {
      points: asNumber(value('points')), assists: asNumber(value('assists')), rebounds: asNumber(value('rebounds')), offensive_rebounds: asNumber(value('offensiveRebounds')), defensive_rebounds: asNumber(value('defensiveRebounds')),
      steals: asNumber(value('steals')), blocks: asNumber(value('blocks')), turnovers: asNumber(value('turnovers')), personal_fouls: asNumber(value('fouls')),
      field_goals_made: madeOf(goals), field_goals_attempted: attemptedOf(goals), three_pointers_made: madeOf(threes), three_pointers_attempted: attemptedOf(threes), free_throws_made: madeOf(throws), free_throws_attempted: attemptedOf(throws),
    },
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformed(origin, `bxscr.stats.${issue?.path.join('.') ?? ''}`, issue?.message ?? 'unreadable', parsed.error);
}

const scoreOf = ({ tms }: Header, isHome: boolean): number | null => {
  const score = Number(tms.find((team) => team.isHome === isHome)?.score ?? Number.NaN);
  return Number.isInteger(score) ? score : null;
};

interface PageContext {
  readonly header: Header;
  readonly game: StatLine['game'];
  readonly findings: Findings;
  readonly origin: PayloadOrigin;
}

function contentsOf({ tm, stats }: Team, { header, game, findings, origin }: PageContext): readonly (BoxScoreContent | undefined)[] {
  const team = tricodeOf(tm.abbrev);
  if (team === undefined) {
    findings.unresolved('team', tm.abbrev, 'unknown-team');
    return [];
  }
  return stats.flatMap(({ keys = [], athlts = [] }) => athlts.map(({ stats: values, athlt }) => {
    const line = lineOf(keys, values, origin);
    return boxScoreContent({ game, team, homeScore: scoreOf(header, true), awayScore: scoreOf(header, false), playerName: athlt.dspNm, playerId: athlt.id, ...line }, findings);
  }));
}

function parse(text: string, context: TransformContext): ParsedPayload {
  const findings = new Findings();
  const origin: PayloadOrigin = { scraper: 'espn_boxscore', path: context.path };
  const { gmStrp: header, bxscr: teams } = readPayload(Page, dataOf(text, origin), origin).page.content.gamepackage;
  const named = (isHome: boolean): string => header.tms.find((team) => team.isHome === isHome)?.abbrev ?? '';
  const game = new KnownGames(context.games, findings).bySides({ gameDate: gameDateOf(header.dt), home: named(true), away: named(false) });
  if (game === undefined) return findings.with([]);
  findings.speaksOf(game);
  if (header.statusState !== 'post') {
    findings.notStarted(game);
    return findings.with([]);
  }
  const contents = teams.flatMap((team) => contentsOf(team, { header, game, findings, origin })).filter((content) => content !== undefined);
  return findings.with(rawRows('espn_boxscore', contents, context, findings));
}

/** The box-score page of one game, whose data is an object in a script. Who is at home is what its header says. */
export const espnBoxScore: PayloadTransform = { scraper: 'espn_boxscore', parse };
