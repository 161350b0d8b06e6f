import type { EpochMs } from '@handoff/contracts';
import { gameDateOf, isComboName, playerLookup, type KnownGame } from '@handoff/slate';
import { z } from 'zod';
import { linePoints, zonedInstant } from './fields.ts';
import { Findings } from './findings.ts';
import { KnownGames } from './known-games.ts';
import type { ParsedPayload, PayloadTransform, TransformContext, Unresolved } from './payload.ts';
import { pointsLineContent, type PointsLineContent } from './points-line.ts';
import { rawRows } from './raw-rows.ts';
import { readPayload } from './read-payload.ts';

const Event = z.object({ id: z.string().min(1), commence_time: zonedInstant, home_team: z.string(), away_team: z.string() });

/** American odds: a hundred thousand is a chance of one in a thousand, which nobody offers on points. */
const priceMax = 100_000;

const Outcome = z.object({ name: z.enum(['Over', 'Under']), description: z.string(), price: z.int().min(-priceMax).max(priceMax), point: linePoints });

const Market = z.object({ key: z.string(), last_update: zonedInstant, outcomes: z.array(z.unknown()) });

const PointsMarket = z.array(Outcome);

const EventOdds = Event.extend({
  bookmakers: z.array(z.object({ key: z.string().min(1), markets: z.array(Market) })),
}).transform((event, context) => ({ ...event, bookmakers: event.bookmakers.map((bookmaker, index) => ({
  key: bookmaker.key,
  otherMarkets: bookmaker.markets.filter(({ key }) => key !== 'player_points').length,
  points: bookmaker.markets.filter(({ key }) => key === 'player_points').map((market) => {
    // Other markets have other outcomes (a winner has no point): only ours is held to its shape.
    const outcomes = PointsMarket.safeParse(market.outcomes);
    if (outcomes.success) return { snapshotAt: market.last_update, outcomes: outcomes.data };
    const [issue] = outcomes.error.issues;
    context.addIssue({ code: 'custom', message: issue?.message ?? 'unreadable', path: ['bookmakers', index, 'player_points', ...(issue?.path ?? [])] });
    return z.NEVER;
  }),
})) }));

type EventOdds = z.infer<typeof EventOdds>;
type Outcome = z.infer<typeof Outcome>;
interface Offer { readonly event: EventOdds; readonly game: KnownGame; readonly bookmaker: string; readonly snapshotAt: EpochMs }

/** Both sides of one player's line at one point; one may be missing. */
interface Line { readonly playerName: string; readonly points: number; readonly prices: { Over: number | null; Under: number | null } }

/** Pairs over and under by player and point: some books offer several lines per player. Repetitions are counted. */
function linesOf(outcomes: readonly Outcome[], findings: Findings): readonly Line[] {
  const lines = new Map<string, Line>();
  for (const { name, description, price, point } of outcomes) {
    const key = `${description}|${point}`;
    const line = lines.get(key) ?? { playerName: description, points: point, prices: { Over: null, Under: null } };
    lines.set(key, line);
    if (line.prices[name] === null) line.prices[name] = price;
    else if (line.prices[name] === price) findings.ignored('duplicate');
    else findings.unresolved('player', description, 'conflicting-rows');
  }
  return [...lines.values()];
}

function contentOf(line: Line, offer: Offer, findings: Findings): PointsLineContent | undefined {
  const player = playerLookup(line.playerName);
  if (player === undefined) {
    if (isComboName(line.playerName)) findings.ignored('combination');
    else findings.unresolved('player', line.playerName, 'unreadable-name');
    return undefined;
  }
  if (line.prices.Over === null || line.prices.Under === null) findings.ignored('side-not-offered');
  findings.speaksOf(offer.game, player);
  return pointsLineContent({
    game: offer.game, eventId: offer.event.id, bookmaker: offer.bookmaker, player, playerName: line.playerName, points: line.points,
    overPrice: line.prices.Over, underPrice: line.prices.Under, snapshotAt: offer.snapshotAt,
  });
}

// Sportsbooks write a start ten minutes after the official tip-off; only its Eastern date is used.
const gameOf = (event: z.infer<typeof Event>, games: KnownGames): KnownGame | undefined =>
  games.bySides({ gameDate: gameDateOf(event.commence_time), home: event.home_team, away: event.away_team });

function parse(text: string, context: TransformContext): ParsedPayload {
  const findings = new Findings();
  const event = readPayload(EventOdds, text, { scraper: 'oddsa_player_props', path: context.path });
  const game = gameOf(event, new KnownGames(context.games, findings));
  if (game === undefined) return findings.with([]);
  findings.speaksOf(game);
  const contents = event.bookmakers.flatMap((bookmaker) => {
    Array.from({ length: bookmaker.otherMarkets }, () => { findings.ignored('other-market'); });
    return bookmaker.points.flatMap(({ snapshotAt, outcomes }) =>
      linesOf(outcomes, findings).map((line) => contentOf(line, { event, game, bookmaker: bookmaker.key, snapshotAt }, findings)),
    );
  });
  return findings.with(rawRows('oddsa_player_props', contents.filter((content) => content !== undefined), context, findings));
}

/**
 * The Odds API, odds of one event: the market player_points of each book. A line with one side only is kept,
 * the other price null, and counted as `side-not-offered`.
 */
export const oddsApiEventOdds: PayloadTransform = { scraper: 'oddsa_player_props', parse };

/** An event of The Odds API and the game that it is; undefined when it is none that we know. */
export interface OddsEvent {
  readonly eventId: string;
  readonly commenceAt: EpochMs;
  readonly homeTeam: string;
  readonly awayTeam: string;
  readonly game: KnownGame | undefined;
}

/**
 * Reads The Odds API's list of events. It is not loaded: it tells which events to ask odds for.
 *
 * @throws PipelineError `payload-malformed` (reject).
 */
export function parseOddsEvents(text: string, context: Pick<TransformContext, 'games' | 'path'>): { readonly events: readonly OddsEvent[]; readonly unresolved: readonly Unresolved[] } {
  const findings = new Findings();
  const games = new KnownGames(context.games, findings);
  const list = readPayload(z.union([z.array(Event), z.object({ data: z.array(Event) }).transform(({ data }) => data)]), text, { scraper: 'oddsa_events', path: context.path });
  const events = list.map((event) => ({ eventId: event.id, commenceAt: event.commence_time, homeTeam: event.home_team, awayTeam: event.away_team, game: gameOf(event, games) }));
  return { events, unresolved: findings.with([]).unresolved };
}
