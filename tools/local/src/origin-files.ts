import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { gameDate, parseInstant, type EpochMs, type GameDate } from '@handoff/contracts';
import { addDays, easternTime, gameDateOf, playerLookup, tricodeOf, unglueName } from '@handoff/slate';
import type { RecordedEvent, RecordedGame, RecordedInjury, RecordedLine } from '@handoff/sources-recorded';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** The text of a file of the shared data, unpacked. */
export function originText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

const csv = (path: string): Record<string, string>[] => parse(originText(path), { columns: true });

/** The fortnight for which lines are recorded. */
export const window = { from: gameDate('2026-01-12'), to: gameDate('2026-01-26') } as const;
const isInWindow = (date: string): boolean => date >= window.from && date <= window.to;

/** Finds the game that a source means by an Eastern date and two team names, on its planned or its actual date. */
export type FindGame = (date: GameDate, one: string, other: string) => RecordedGame;

export function gameFinder(games: readonly RecordedGame[]): FindGame {
  const key = (date: string, one: string, other: string): string => [date, ...[one, other].toSorted()].join('/');
  const known = new Map(games.flatMap((game) => [game.plannedDate, game.actualDate].map((date) => [key(date, game.home, game.away), game] as const)));
  return (date, one, other) => {
    const game = known.get(key(date, tricodeOf(one) ?? one, tricodeOf(other) ?? other));
    if (game === undefined) throw new Error(`no game ${one}-${other} on ${date}`);
    return game;
  };
}

const OddsFileLine = z.object({
  snapshot_date: z.string(),
  event: z.object({
    commence_time: z.string().transform(parseInstant), home_team: z.string(), away_team: z.string(),
    bookmakers: z.array(z.object({
      key: z.string(),
      markets: z.array(z.object({
        key: z.string(), last_update: z.string().transform(parseInstant),
        outcomes: z.array(z.object({ name: z.string(), description: z.string().optional(), price: z.number(), point: z.number().optional() })),
      })),
    })),
  }),
});
type Outcome = z.infer<typeof OddsFileLine>['event']['bookmakers'][number]['markets'][number]['outcomes'][number];

export interface Lines {
  readonly events: readonly RecordedEvent[];
  readonly lines: readonly RecordedLine[];
}

type Offered = Omit<RecordedLine, 'player' | 'points' | 'overPrice' | 'underPrice'>;

/** One line per player and point, over and under side by side. */
function pairOutcomes(outcomes: readonly Outcome[], offered: Offered): RecordedLine[] {
  const lines = new Map<string, RecordedLine>();
  for (const { name, description = '', price, point = 0 } of outcomes) {
    const key = `${description}|${point}`;
    const line = lines.get(key) ?? { ...offered, player: description, points: point, overPrice: null, underPrice: null };
    lines.set(key, name === 'Over' ? { ...line, overPrice: line.overPrice ?? price } : { ...line, underPrice: line.underPrice ?? price });
  }
  return [...lines.values()];
}

/** The Odds API: player_points of the window, with the events that had no book yet. */
export function oddsApiLines(path: string, find: FindGame): Lines {
  const answers = originText(path).trim().split('\n').map((line) => OddsFileLine.parse(JSON.parse(line))).filter((line) => isInWindow(line.snapshot_date));
  const events = new Map<string, RecordedEvent>();
  const lines: RecordedLine[] = [];
  for (const { event } of answers) {
    const date = gameDateOf(event.commence_time);
    const { officialId } = find(date, event.home_team, event.away_team);
    events.set(`${date}/${officialId}`, { source: 'odds-api', gameDate: date, officialId, commenceAt: event.commence_time });
    for (const bookmaker of event.bookmakers) {
      for (const market of bookmaker.markets.filter(({ key }) => key === 'player_points')) {
        lines.push(...pairOutcomes(market.outcomes, { source: 'odds-api', gameDate: date, officialId, bookmaker: bookmaker.key, team: '', snapshotAt: market.last_update }));
      }
    }
  }
  return { events: [...events.values()], lines };
}

/** PrizePicks: points at standard odds of the window, without combinations. */
export function prizePicksLines(path: string, find: FindGame): Lines {
  const picks = csv(path).filter((pick) => isInWindow((pick['scraped_at'] ?? '').slice(0, 10)) && pick['stat'] === 'Points' && pick['odds_type'] === 'standard' && playerLookup(pick['player'] ?? '') !== undefined);
  const events = new Map<string, RecordedEvent>();
  const lines = picks.map((pick): RecordedLine => {
    const commenceAt = parseInstant(pick['start_time_iso'] ?? '');
    const date = gameDateOf(commenceAt);
    const { officialId } = find(date, pick['team_code'] ?? '', pick['opponent_code'] ?? '');
    events.set(`${date}/${officialId}`, { source: 'prizepicks', gameDate: date, officialId, commenceAt });
    return {
      source: 'prizepicks', gameDate: date, officialId, bookmaker: 'prizepicks', player: pick['player'] ?? '', team: tricodeOf(pick['team_code'] ?? '') ?? '',
      points: Number(pick['line']), overPrice: null, underPrice: null, snapshotAt: parseInstant(pick['scraped_at'] ?? ''),
    };
  });
  return { events: [...events.values()], lines };
}

const StatusChange = z.object({ player: z.string(), status: z.string(), injury: z.string(), date: z.string() });
const seasonOpening = gameDate('2025-10-01');

/** Noon of the day after, Eastern. The sources give a date, often that of the game in which it happened. */
const nextNoon = (date: GameDate): EpochMs => easternTime(addDays(date, 1), 12, 0);

/** Status changes of the season so far. `Left Game` is an event of a game, not a status on a report. */
export function statusChanges(path: string): RecordedInjury[] {
  return z.array(StatusChange).parse(JSON.parse(originText(path)))
    .filter(({ date, status }) => date >= seasonOpening && date <= window.to && status !== 'Left Game')
    .map(({ player, status, injury, date }) => ({ knownAt: nextNoon(gameDate(date)), player: player.trim(), status, description: injury.trim() }));
}

/**
 * The captured report of 2026-01-23: its names come glued, its time without a zone is taken as UTC. It speaks
 * of that night's games and no later one is recorded, so it ends at the next noon, except for players whom
 * `lasting` names.
 */
export function injurySnapshot(path: string, lasting: ReadonlySet<string | undefined>): RecordedInjury[] {
  const taken = csv(path).filter((entry) => (entry['snapshot_at'] ?? '').startsWith('2026-01-23T'));
  return taken.flatMap((entry) => {
    const knownAt = parseInstant(`${(entry['snapshot_at'] ?? '').slice(0, 19)}Z`);
    const reported = { knownAt, player: unglueName(entry['player_raw'] ?? ''), status: entry['status'] ?? '', description: '' };
    const ended = { ...reported, knownAt: nextNoon(gameDateOf(knownAt)), status: 'Available' };
    return lasting.has(playerLookup(reported.player)) ? [reported] : [reported, ended];
  });
}
