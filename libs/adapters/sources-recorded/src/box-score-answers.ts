import { gameDate, GameDate, isoInstant, type EpochMs } from '@handoff/contracts';
import { balldontlieTeamId } from '@handoff/payloads';
import type { SourceResponse } from '@handoff/ports';
import { datesBetween, daysBetween, seasonYearOf, teamNameOf, teamOf } from '@handoff/slate';
import { boxScoreAt } from './game-moments.ts';
import { badRequest, jsonAnswer, remembered, required } from './json-answer.ts';
import { statColumns, type RecordedGame, type RecordedSeason, type RecordedStat, type StatColumn } from './recorded-season.ts';

type Query = Readonly<Record<string, string>>;

/** The share of attempts made, as both sources write it; null without an attempt. */
const share = (made: number, attempted: number): number | null => (attempted === 0 ? null : Math.round((made / attempted) * 1_000) / 1_000);

/** A date of a query, ISO or as the league writes it: 01/24/2026. */
function dateOf(text: string | undefined): GameDate | undefined {
  const american = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text ?? '');
  const parsed = GameDate.safeParse(american === null ? text : `${american[3] ?? ''}-${american[1] ?? ''}-${american[2] ?? ''}`);
  return parsed.success ? parsed.data : undefined;
}

/** Box scores of played games, by actual date; per game the JSON of each player, made once. */
export class PlayedGames {
  readonly #season: RecordedSeason;
  readonly #source: string;
  readonly #playerJson: (game: RecordedGame, stat: RecordedStat) => string;
  readonly #byDate = new Map<GameDate, RecordedGame[]>();
  readonly #players = new Map<string, readonly string[]>();

  constructor(season: RecordedSeason, source: string, playerJson: (game: RecordedGame, stat: RecordedStat) => string) {
    this.#season = season;
    this.#source = source;
    this.#playerJson = playerJson;
    for (const game of season.games) if (season.statsByGame.has(game.officialId)) remembered(this.#byDate, game.actualDate, () => []).push(game);
  }

  /** The players of every game of these dates whose box score the source has by now, in order of tip-off. */
  on(dates: readonly GameDate[], now: EpochMs): readonly string[] {
    const games = dates.flatMap((date) => this.#byDate.get(date) ?? []).filter((game) => boxScoreAt(game, this.#source) <= now);
    return games.flatMap((game) => this.#of(game));
  }

  #of(game: RecordedGame): readonly string[] {
    return remembered(this.#players, game.officialId, () => (this.#season.statsByGame.get(game.officialId) ?? []).map((stat) => this.#playerJson(game, stat)));
  }
}

function balldontliePlayer(game: RecordedGame, stat: RecordedStat): string {
  const { counts } = stat;
  const [first = '', ...family] = stat.playerName.split(' ');
  const team = required(teamOf(stat.team), `team ${stat.team}`);
  const teamId = balldontlieTeamId(stat.team);
  // The source numbers games in its own way: never by a part of the official id that one could join by.
  const gameNumber = 10_000_000 + Number(game.officialId.slice(3));
  return JSON.stringify({
    id: gameNumber * 10_000 + (stat.playerId % 10_000), min: String(stat.minutes).padStart(2, '0'),
    fgm: counts.FGM, fga: counts.FGA, fg_pct: share(counts.FGM, counts.FGA) ?? 0, fg3m: counts.FG3M, fg3a: counts.FG3A, fg3_pct: share(counts.FG3M, counts.FG3A) ?? 0,
    ftm: counts.FTM, fta: counts.FTA, ft_pct: share(counts.FTM, counts.FTA) ?? 0, oreb: counts.OREB, dreb: counts.DREB, reb: counts.REB,
    ast: counts.AST, stl: counts.STL, blk: counts.BLK, turnover: counts.TOV, pf: counts.PF, pts: counts.PTS, plus_minus: stat.plusMinus,
    player: { id: stat.playerId, first_name: first, last_name: family.join(' '), position: null, team_id: teamId },
    team: { id: teamId, city: team.city, name: team.nickname, full_name: `${team.city} ${team.nickname}`, abbreviation: team.tricode },
    game: {
      id: gameNumber, date: game.actualDate, season: seasonYearOf(game.actualDate), status: 'Final', period: 4, time: 'Final', postseason: false,
      home_team_score: game.homeScore, visitor_team_score: game.awayScore, datetime: isoInstant(game.actualTipAt),
      home_team_id: balldontlieTeamId(game.home), visitor_team_id: balldontlieTeamId(game.away),
    },
  });
}

const pageSizeMax = 100;

/** The dates that balldontlie is asked for: `dates[]`, comma-separated, or start_date and end_date. */
function requestedDates(query: Query): readonly GameDate[] | undefined {
  const listed = query['dates[]']?.split(',').map((text) => dateOf(text));
  if (listed !== undefined) return listed.includes(undefined) ? undefined : listed.filter((date) => date !== undefined);
  const [from, to] = [dateOf(query['start_date']), dateOf(query['end_date'])];
  return from === undefined || to === undefined || daysBetween(from, to) > 400 ? undefined : datesBetween(from, to);
}

/** Answers balldontlie's /v1/stats, in pages of 25 to 100 players with a cursor. */
export class BalldontlieAnswers {
  readonly #played: PlayedGames;

  constructor(season: RecordedSeason) {
    this.#played = new PlayedGames(season, 'balldontlie', balldontliePlayer);
  }

  answer(query: Query, now: EpochMs): SourceResponse {
    const dates = requestedDates(query);
    if (dates === undefined) return badRequest('dates[], or start_date and end_date, are required as YYYY-MM-DD');
    const size = Math.min(pageSizeMax, Math.max(1, Number(query['per_page'] ?? 25) || 25));
    const start = Number(query['cursor'] ?? 0) || 0;
    const players = this.#played.on(dates, now);
    const next = start + size < players.length ? `"next_cursor":${start + size},` : '';
    return jsonAnswer(`{"data":[${players.slice(start, start + size).join(',')}],"meta":{${next}"per_page":${size}}}`);
  }
}

const logHeaders = [
  'SEASON_ID', 'PLAYER_ID', 'PLAYER_NAME', 'TEAM_ID', 'TEAM_ABBREVIATION', 'TEAM_NAME', 'GAME_ID', 'GAME_DATE', 'MATCHUP', 'WL', 'MIN', 'FGM', 'FGA', 'FG_PCT', 'FG3M', 'FG3A', 'FG3_PCT',
  'FTM', 'FTA', 'FT_PCT', 'OREB', 'DREB', 'REB', 'AST', 'STL', 'BLK', 'TOV', 'PF', 'PTS', 'PLUS_MINUS', 'FANTASY_PTS', 'VIDEO_AVAILABLE',
] as const;

// The league's own weights of its fantasy points.
const fantasyPoints = (counts: Readonly<Record<StatColumn, number>>): number =>
  Math.round((counts.PTS + 1.2 * counts.REB + 1.5 * counts.AST + 3 * counts.STL + 3 * counts.BLK - counts.TOV) * 10) / 10;

function gameLogPlayer(game: RecordedGame, stat: RecordedStat): string {
  const { counts } = stat;
  const isHome = stat.team === game.home;
  const opponent = isHome ? game.away : game.home;
  const margin = ((game.homeScore ?? 0) - (game.awayScore ?? 0)) * (isHome ? 1 : -1);
  const values: Readonly<Record<(typeof logHeaders)[number], string | number | null>> = {
    SEASON_ID: `${game.officialId.slice(2, 3)}20${game.officialId.slice(3, 5)}`, PLAYER_ID: stat.playerId, PLAYER_NAME: stat.playerName,
    TEAM_ID: teamOf(stat.team)?.teamId ?? 0, TEAM_ABBREVIATION: stat.team, TEAM_NAME: teamNameOf(stat.team) ?? '', GAME_ID: game.officialId, GAME_DATE: game.actualDate,
    MATCHUP: `${stat.team} ${isHome && !game.isNeutralSite ? 'vs.' : '@'} ${opponent}`, WL: margin > 0 ? 'W' : 'L', MIN: stat.minutes,
    ...(Object.fromEntries(statColumns.map((column) => [column, counts[column]])) as Record<StatColumn, number>),
    FG_PCT: share(counts.FGM, counts.FGA), FG3_PCT: share(counts.FG3M, counts.FG3A), FT_PCT: share(counts.FTM, counts.FTA),
    PLUS_MINUS: stat.plusMinus, FANTASY_PTS: fantasyPoints(counts), VIDEO_AVAILABLE: 1,
  };
  return JSON.stringify(logHeaders.map((header) => values[header]));
}

/** Answers the league's /stats/leaguegamelog for players. */
export class GameLogAnswers {
  readonly #played: PlayedGames;
  readonly #season: RecordedSeason;

  constructor(season: RecordedSeason) {
    this.#season = season;
    this.#played = new PlayedGames(season, 'nba-com', gameLogPlayer);
  }

  answer(query: Query, now: EpochMs): SourceResponse {
    if (query['PlayerOrTeam'] !== 'P') return badRequest('PlayerOrTeam: only P is recorded');
    const from = dateOf(query['DateFrom']) ?? this.#season.dates?.from ?? gameDate('2000-10-01');
    const to = dateOf(query['DateTo']) ?? this.#season.dates?.to ?? from;
    const rows = this.#played.on(datesBetween(from, to), now);
    const parameters = { LeagueID: '00', Season: query['Season'] ?? '', SeasonType: query['SeasonType'] ?? '', PlayerOrTeam: 'P', DateFrom: from, DateTo: to };
    return jsonAnswer(`{"resource":"leaguegamelog","parameters":${JSON.stringify(parameters)},"resultSets":[{"name":"LeagueGameLog","headers":${JSON.stringify(logHeaders)},"rowSet":[${rows.join(',')}]}]}`);
  }
}
