import { GameDate } from '@handoff/contracts';
import { tricodeOf } from '@handoff/slate';
import { z } from 'zod';
import { difference, minutesPlayed } from './fields.ts';
import { Findings } from './findings.ts';
import { KnownGames } from './known-games.ts';
import type { ParsedPayload, PayloadTransform, TransformContext } from './payload.ts';
import { rawRows } from './raw-rows.ts';
import { malformed, readPayload, type PayloadOrigin } from './read-payload.ts';
import { boxScoreContent, GameLogStatistics, statisticsOfGameLog, type BoxScoreContent } from './stat-line.ts';

const Row = GameLogStatistics.extend({
  PLAYER_ID: z.union([z.int(), z.string().min(1)]).transform(String),
  PLAYER_NAME: z.string(),
  TEAM_ABBREVIATION: z.string(),
  GAME_ID: z.string(),
  GAME_DATE: z.string().regex(/^\d{4}-\d{2}-\d{2}/).transform((text) => text.slice(0, 10)).pipe(GameDate),
  MIN: minutesPlayed,
  PLUS_MINUS: difference,
});
type LogRow = z.infer<typeof Row>;

const GameLog = z.object({
  resultSets: z.array(z.object({ name: z.string(), headers: z.array(z.string()), rowSet: z.array(z.array(z.unknown())) })),
});

const columns = Object.keys(Row.shape);

function rowsOf(text: string, origin: PayloadOrigin): readonly LogRow[] {
  const set = readPayload(GameLog, text, origin).resultSets.find(({ name }) => name === 'LeagueGameLog');
  if (set === undefined) throw malformed(origin, 'resultSets', 'no LeagueGameLog among them');
  const places = columns.map((column) => [column, set.headers.indexOf(column)] as const);
  const missing = places.filter(([, place]) => place < 0).map(([column]) => column);
  if (missing.length > 0) throw malformed(origin, 'resultSets.headers', `missing ${missing.join(', ')}`);
  return set.rowSet.map((values, index) => {
    const parsed = Row.safeParse(Object.fromEntries(places.map(([column, place]) => [column, values[place]])));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw malformed(origin, `resultSets.rowSet.${index}.${issue?.path.join('.') ?? ''}`, issue?.message ?? 'unreadable', parsed.error);
  });
}

/**
 * Points per game and team: the log has no game score, and a team's score is the sum of its players'. null where the
 * points of one who played are missing: the sum of the others would be taken for the score.
 */
function scoresOf(rows: readonly LogRow[]): ReadonlyMap<string, number | null> {
  const scores = new Map<string, number | null>();
  for (const row of rows) {
    const key = `${row.GAME_ID}/${tricodeOf(row.TEAM_ABBREVIATION) ?? ''}`;
    const [before = 0, points] = [scores.get(key), row.PTS ?? ((row.MIN ?? 0) > 0 ? null : 0)];
    scores.set(key, before === null || points === null ? null : before + points);
  }
  return scores;
}

interface LogContext {
  readonly games: KnownGames;
  readonly scores: ReadonlyMap<string, number | null>;
  readonly findings: Findings;
}

function contentOf(row: LogRow, { games, scores, findings }: LogContext): BoxScoreContent | undefined {
  const game = games.byId(row.GAME_DATE, row.GAME_ID);
  if (game === undefined) return undefined;
  const team = tricodeOf(row.TEAM_ABBREVIATION);
  if (team === undefined) {
    findings.unresolved('team', row.TEAM_ABBREVIATION, 'unknown-team');
    return undefined;
  }
  return boxScoreContent(
    {
      game, team,
      homeScore: scores.get(`${row.GAME_ID}/${game.home}`) ?? null, awayScore: scores.get(`${row.GAME_ID}/${game.away}`) ?? null,
      playerName: row.PLAYER_NAME, playerId: row.PLAYER_ID, minutes: row.MIN, plusMinus: row.PLUS_MINUS, statistics: statisticsOfGameLog(row),
    },
    findings,
  );
}

function parse(text: string, context: TransformContext): ParsedPayload {
  const findings = new Findings();
  const rows = rowsOf(text, { scraper: 'nbac_player_boxscore', path: context.path });
  const log: LogContext = { games: new KnownGames(context.games, findings), scores: scoresOf(rows), findings };
  const contents = rows.map((row) => contentOf(row, log)).filter((content) => content !== undefined);
  return findings.with(rawRows('nbac_player_boxscore', contents, context, findings));
}

/**
 * The league's game log of players, leaguegamelog with PlayerOrTeam=P. Who is at home comes from the known
 * game, never from MATCHUP: at a neutral site both teams' rows read `X @ Y`.
 */
export const nbaGameLog: PayloadTransform = { scraper: 'nbac_player_boxscore', parse };
