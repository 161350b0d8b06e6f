import { after, days, hashOf, hours, isoInstant, type EpochMs } from '@handoff/contracts';
import type { SourceResponse } from '@handoff/ports';
import { teamNameOf, teamOf } from '@handoff/slate';
import { jsonAnswer, notFound, remembered, required } from './json-answer.ts';
import type { RecordedEvent, RecordedLine, RecordedSeason } from './recorded-season.ts';

const keyOf = (offer: Pick<RecordedEvent, 'source' | 'gameDate' | 'officialId'>): string => `${offer.source}/${offer.gameDate}/${offer.officialId}`;

/** The source's id of a recorded event: 32 hex digits, always the same. */
export const eventIdOf = (event: Pick<RecordedEvent, 'source' | 'gameDate' | 'officialId'>): string => hashOf(keyOf(event)).slice(0, 32);

const iso = (instant: EpochMs): string => isoInstant(instant).replace('.000Z', 'Z');

/** Sportsbooks write the Clippers' city in full. */
const bookTeamName = (tricode: string): string => (tricode === 'LAC' ? 'Los Angeles Clippers' : required(teamNameOf(tricode), `team ${tricode}`));

function linesByEvent(season: RecordedSeason, source: RecordedLine['source']): ReadonlyMap<string, readonly RecordedLine[]> {
  const byEvent = new Map<string, RecordedLine[]>();
  for (const line of season.lines) if (line.source === source) remembered(byEvent, keyOf(line), () => []).push(line);
  return byEvent;
}

/** The lines of the newest snapshot of each book that the source has by now. */
function newestByBook(lines: readonly RecordedLine[], now: EpochMs): ReadonlyMap<string, readonly RecordedLine[]> {
  const byBook = new Map<string, RecordedLine[]>();
  for (const line of lines) {
    if (line.snapshotAt > now) continue;
    const known = byBook.get(line.bookmaker);
    const knownAt = known?.[0]?.snapshotAt ?? 0;
    if (known === undefined || line.snapshotAt > knownAt) byBook.set(line.bookmaker, [line]);
    else if (line.snapshotAt === knownAt) known.push(line);
  }
  return byBook;
}

const outcomesOf = (line: RecordedLine): object[] =>
  ([['Over', line.overPrice], ['Under', line.underPrice]] as const).flatMap(([name, price]) => (price === null ? [] : [{ name, description: line.player, price, point: line.points }]));

/** Answers The Odds API: the events of the coming day and a half and the points lines of one of them. */
export class OddsApiAnswers {
  readonly #season: RecordedSeason;
  readonly #lines: ReadonlyMap<string, readonly RecordedLine[]>;
  readonly #events: ReadonlyMap<string, RecordedEvent>;

  constructor(season: RecordedSeason) {
    this.#season = season;
    this.#lines = linesByEvent(season, 'odds-api');
    this.#events = new Map(season.events.filter(({ source }) => source === 'odds-api').map((event) => [eventIdOf(event), event]));
  }

  /** An event is listed from 36 hours before it begins until three hours after. */
  events(now: EpochMs): SourceResponse {
    const listed = [...this.#events.values()].filter(({ commenceAt }) => commenceAt <= after(now, hours(36)) && now < after(commenceAt, hours(3)));
    return jsonAnswer(JSON.stringify(listed.toSorted((a, b) => a.commenceAt - b.commenceAt).map((event) => this.#describe(event))));
  }

  odds(eventId: string, now: EpochMs): SourceResponse {
    const event = this.#events.get(eventId);
    if (event === undefined) return notFound(`events/${eventId}/odds`);
    const books = newestByBook(this.#lines.get(keyOf(event)) ?? [], now);
    const bookmakers = Array.from(books, ([key, lines]) => {
      const lastUpdate = iso(lines[0]?.snapshotAt ?? now);
      return { key, title: key, last_update: lastUpdate, markets: [{ key: 'player_points', last_update: lastUpdate, outcomes: lines.flatMap(outcomesOf) }] };
    });
    return jsonAnswer(JSON.stringify({ ...this.#describe(event), bookmakers }));
  }

  #describe(event: RecordedEvent): object {
    const game = required(this.#season.gamesById.get(event.officialId), `game ${event.officialId}`);
    return {
      id: eventIdOf(event), sport_key: 'basketball_nba', sport_title: 'NBA', commence_time: iso(event.commenceAt),
      home_team: bookTeamName(game.home), away_team: bookTeamName(game.away),
    };
  }
}

/** Answers PrizePicks: the board of the newest snapshot of the last day, without what has begun. */
export class PrizePicksAnswers {
  readonly #season: RecordedSeason;
  readonly #lines: readonly RecordedLine[];
  readonly #events: ReadonlyMap<string, RecordedEvent>;

  constructor(season: RecordedSeason) {
    this.#season = season;
    this.#lines = season.lines.filter(({ source }) => source === 'prizepicks');
    this.#events = new Map(season.events.map((event) => [keyOf(event), event]));
  }

  board(now: EpochMs): SourceResponse {
    const known = this.#lines.filter(({ snapshotAt }) => snapshotAt <= now && now < after(snapshotAt, days(1)));
    const newest = known.reduce<number>((latest, { snapshotAt }) => Math.max(latest, snapshotAt), 0);
    const props = known.filter(({ snapshotAt }) => snapshotAt === newest).flatMap((line) => this.#prop(line, now));
    return jsonAnswer(JSON.stringify({ scrapedAt: isoInstant(known.find(({ snapshotAt }) => snapshotAt === newest)?.snapshotAt ?? now), source: 'PrizePicks API', sport: 'NBA', day: 'today', totalProps: props.length, props }));
  }

  #prop(line: RecordedLine, now: EpochMs): object[] {
    const game = required(this.#season.gamesById.get(line.officialId), `game ${line.officialId}`);
    const { commenceAt } = required(this.#events.get(keyOf(line)), `event of ${line.officialId}`);
    if (commenceAt <= now) return [];
    const opponent = line.team === game.home ? game.away : game.home;
    return [{
      player: line.player, stat: 'Points', line: line.points, sport: 'NBA', startTimeIso: iso(commenceAt), oddsType: 'standard',
      Team: teamNameOf(line.team) ?? '', teamCode: line.team, Opponent: teamNameOf(opponent) ?? '', opponentCode: opponent,
      gameId: String(teamOf(game.home)?.teamId ?? 0).slice(-2) + eventIdOf(line).slice(0, 6),
    }];
  }
}
