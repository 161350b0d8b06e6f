import { GameDate, hashOf, isoInstant, type EpochMs } from '@handoff/contracts';
import type { SourceResponse } from '@handoff/ports';
import { teamNameOf } from '@handoff/slate';
import { boxScoreAt, stateAt } from './game-moments.ts';
import { badRequest, jsonAnswer, notFound } from './json-answer.ts';
import type { RecordedGame, RecordedSeason, RecordedStat } from './recorded-season.ts';

/** The source's id of a game: its own, never by a part of the official one that one could join by. */
export const espnIdOf = ({ officialId }: Pick<RecordedGame, 'officialId'>): string => String(4_000_000_000 + (Number.parseInt(hashOf(`espn/${officialId}`).slice(0, 12), 16) % 999_999_937));

/** Its own short names of some teams. */
const abbreviations: Readonly<Record<string, string>> = { GSW: 'GS', NOP: 'NO', NYK: 'NY', SAS: 'SA', UTA: 'UTAH', WAS: 'WSH' };
const abbreviationOf = (tricode: string): string => abbreviations[tricode] ?? tricode;

const iso = (instant: EpochMs): string => isoInstant(instant).replace(':00.000Z', 'Z');

const keys = [
  'minutes', 'fieldGoalsMade-fieldGoalsAttempted', 'threePointFieldGoalsMade-threePointFieldGoalsAttempted', 'freeThrowsMade-freeThrowsAttempted', 'offensiveRebounds', 'defensiveRebounds', 'rebounds',
  'assists', 'steals', 'blocks', 'turnovers', 'fouls', 'plusMinus', 'points',
];

function athlete({ playerId, playerName, minutes, plusMinus, counts }: RecordedStat): object {
  const stats = minutes === 0 ? [] : [
    String(minutes), `${counts.FGM}-${counts.FGA}`, `${counts.FG3M}-${counts.FG3A}`, `${counts.FTM}-${counts.FTA}`, ...[counts.OREB, counts.DREB, counts.REB, counts.AST, counts.STL, counts.BLK, counts.TOV, counts.PF, plusMinus ?? 0, counts.PTS].map(String),
  ];
  return { stats, athlt: { id: String(playerId), dspNm: playerName }, ...(minutes === 0 ? { dnpRsn: "DNP-COACH'S DECISION" } : {}) };
}

/** Answers ESPN: the scoreboard of a date, and the box-score page of one game, whose data is an object in a script. */
export class EspnAnswers {
  readonly #season: RecordedSeason;
  /** Made when a page is asked for, which is rare. */
  #byId: ReadonlyMap<string, RecordedGame> | undefined;

  constructor(season: RecordedSeason) {
    this.#season = season;
  }

  scoreboard(query: Readonly<Record<string, string>>): SourceResponse {
    const parsed = GameDate.safeParse(query['dates']?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
    if (!parsed.success) return badRequest('dates is required as YYYYMMDD');
    const events = this.#season.games.filter(({ actualDate }) => actualDate === parsed.data).map((game) => ({
      id: espnIdOf(game), date: iso(game.actualTipAt), name: `${teamNameOf(game.away) ?? ''} at ${teamNameOf(game.home) ?? ''}`,
      competitions: [{ id: espnIdOf(game), competitors: [{ homeAway: 'home', team: { abbreviation: abbreviationOf(game.home) } }, { homeAway: 'away', team: { abbreviation: abbreviationOf(game.away) } }] }],
    }));
    return jsonAnswer(JSON.stringify({ events }));
  }

  page(eventId: string, now: EpochMs): SourceResponse {
    this.#byId ??= new Map(this.#season.games.map((known) => [espnIdOf(known), known]));
    const game = this.#byId.get(eventId);
    if (game === undefined) return notFound(`nba/boxscore/_/gameId/${eventId}`);
    const stats = boxScoreAt(game, 'espn') <= now ? (this.#season.statsByGame.get(game.officialId) ?? []) : [];
    const state = stateAt(game, now);
    const side = (team: string, isHome: boolean) => ({ abbrev: abbreviationOf(team), isHome, score: String((isHome ? game.homeScore : game.awayScore) ?? '') });
    const team = (tricode: string, isHome: boolean) => ({
      tm: { abbrev: abbreviationOf(tricode), dspNm: teamNameOf(tricode) ?? '', hm: isHome },
      stats: [{ type: 'starters', keys, athlts: stats.filter((stat) => stat.team === tricode).map(athlete) }, { type: 'totals' }],
    });
    const gamepackage = {
      gmStrp: { gid: eventId, dt: iso(game.actualTipAt), statusState: state === 'final' ? 'post' : state === 'live' ? 'in' : 'pre', tms: [side(game.home, true), side(game.away, false)] },
      ...(stats.length === 0 ? {} : { bxscr: [team(game.away, false), team(game.home, true)] }),
    };
    const text = `<!doctype html><html lang="en"><head><title>Box Score</title><script>window['__espnfitt__']=${JSON.stringify({ page: { content: { gamepackage } } })};</script></head><body></body></html>`;
    return { status: 200, contentType: 'text/html; charset=utf-8', body: Buffer.from(text) };
  }
}
