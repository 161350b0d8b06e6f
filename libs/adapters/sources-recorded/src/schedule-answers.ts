import { isoInstant, type EpochMs, type GameDate } from '@handoff/contracts';
import type { SourceResponse } from '@handoff/ports';
import { easternHour, gameCodeOf, gameDateOf, teamOf, type Team } from '@handoff/slate';
import { announcedMove, finalAt, stateAt, type GameState } from './game-moments.ts';
import { badRequest, jsonAnswer, remembered, required } from './json-answer.ts';
import { hasMoved, type RecordedGame, type RecordedSeason } from './recorded-season.ts';

const statusCodes: Readonly<Record<GameState | 'postponed', number>> = { scheduled: 1, live: 2, final: 3, postponed: 3 };

function clockText(tipAt: EpochMs): string {
  const hour = easternHour(tipAt);
  const minute = String(new Date(tipAt).getUTCMinutes()).padStart(2, '0');
  return `${hour % 12 === 0 ? 12 : hour % 12}:${minute} ${hour < 12 ? 'am' : 'pm'} ET`;
}

/** A side as the schedule writes it: score 0 before tip-off, null where a postponed game has none. */
function sideOf(team: Team, score: number | null): object {
  return { teamId: team.teamId, teamName: team.nickname, teamCity: team.city, teamTricode: team.tricode, teamSlug: team.nickname.toLowerCase().replaceAll(' ', ''), wins: 0, losses: 0, score, seed: 0 };
}

interface Entry {
  readonly game: RecordedGame;
  readonly date: GameDate;
  readonly tipAt: EpochMs;
  readonly state: GameState | 'postponed';
}

function entryJson({ game, date, tipAt, state }: Entry): string {
  const text = { scheduled: clockText(tipAt), live: 'In Progress', final: 'Final', postponed: 'PPD' }[state];
  const score = (points: number | null): number | null => ({ scheduled: 0, live: 0, final: points, postponed: null })[state];
  const utc = isoInstant(tipAt).replace('.000Z', 'Z');
  return JSON.stringify({
    gameId: game.officialId,
    gameCode: gameCodeOf({ gameDate: date, home: game.home, away: game.away }),
    gameStatus: statusCodes[state],
    gameStatusText: text,
    gameDateEst: `${date}T00:00:00Z`,
    gameDateTimeUTC: utc,
    ifNecessary: false,
    gameLabel: '',
    gameSubtype: '',
    postponedStatus: state === 'postponed' ? 'Y' : 'N',
    isNeutral: game.isNeutralSite,
    homeTeam: sideOf(required(teamOf(game.home), `team ${game.home}`), score(game.homeScore)),
    awayTeam: sideOf(required(teamOf(game.away), `team ${game.away}`), score(game.awayScore)),
    pointsLeaders: [],
  });
}

/** `2025-26`. */
const seasonName = (year: number): string => `${year}-${String((year + 1) % 100).padStart(2, '0')}`;
const seasonNameOf = (game: RecordedGame): string => seasonName(2000 + Number(game.officialId.slice(3, 5)));

/** The schedule of one season at any moment. An answer is kept until the next moment at which it changes. */
class SeasonSchedule {
  readonly #season: RecordedSeason;
  readonly #name: string;
  readonly #games: readonly RecordedGame[];
  readonly #changes: readonly EpochMs[];
  readonly #fragments = new Map<string, string>();
  #kept: { readonly change: number; readonly answer: SourceResponse } | undefined;

  constructor(season: RecordedSeason, name: string) {
    this.#season = season;
    this.#name = name;
    this.#games = season.games.filter((game) => seasonNameOf(game) === name);
    const announcedAt = (game: RecordedGame): EpochMs[] => [season.announcements.get(game.officialId)?.announcedAt].filter((at) => at !== undefined);
    this.#changes = this.#games.flatMap((game) => [game.actualTipAt, finalAt(game), ...announcedAt(game)]).toSorted((a, b) => a - b);
  }

  at(now: EpochMs): SourceResponse {
    const later = this.#changes.findIndex((change) => change > now);
    if (this.#kept?.change !== later) this.#kept = { change: later, answer: jsonAnswer(this.#text(now)) };
    return this.#kept.answer;
  }

  #text(now: EpochMs): string {
    const byDate = new Map<GameDate, string[]>();
    for (const entry of this.#games.flatMap((game) => this.#entries(game, now))) remembered(byDate, entry.date, () => []).push(this.#fragment(entry));
    const dates = [...byDate].toSorted(([a], [b]) => a.localeCompare(b));
    const gameDates = dates.map(([date, games]) => `{"gameDate":"${date.slice(5, 7)}/${date.slice(8)}/${date.slice(0, 4)} 00:00:00","games":[${games.join(',')}]}`);
    return `{"meta":{"version":1},"leagueSchedule":{"seasonYear":"${this.#name}","leagueId":"00","gameDates":[${gameDates.join(',')}],"weeks":[],"broadcasterList":[]}}`;
  }

  /** A game stands on its planned date until its move is known; from then on called off there, and on the new date. */
  #entries(game: RecordedGame, now: EpochMs): readonly Entry[] {
    const played: Entry = { game, date: game.actualDate, tipAt: game.actualTipAt, state: stateAt(game, now) };
    // A tip-off that changed within the day was announced at some time that nobody recorded: known from the start.
    if (!hasMoved(game)) return [played];
    const planned = { game, date: gameDateOf(game.plannedTipAt), tipAt: game.plannedTipAt };
    if (announcedMove(this.#season, game, now) === undefined) return [{ ...planned, state: 'scheduled' }];
    return [{ ...planned, state: 'postponed' }, played];
  }

  #fragment(entry: Entry): string {
    return remembered(this.#fragments, `${entry.game.officialId}/${entry.date}/${entry.state}`, () => entryJson(entry));
  }
}

/** Answers /stats/scheduleleaguev2: a whole season, each game in its status of the moment. */
export class ScheduleAnswers {
  readonly #season: RecordedSeason;
  readonly #schedules = new Map<string, SeasonSchedule>();

  constructor(season: RecordedSeason) {
    this.#season = season;
  }

  answer(query: Readonly<Record<string, string>>, now: EpochMs): SourceResponse {
    const name = query['Season'] ?? '';
    if (!/^\d{4}-\d{2}$/.test(name)) return badRequest('Season, such as 2025-26, is required');
    return remembered(this.#schedules, name, () => new SeasonSchedule(this.#season, name)).at(now);
  }
}
