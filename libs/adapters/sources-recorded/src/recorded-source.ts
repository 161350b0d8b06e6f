import type { Clock, HttpSource, SourceRequest, SourceResponse } from '@handoff/ports';
import { BalldontlieAnswers, GameLogAnswers } from './box-score-answers.ts';
import { EspnAnswers } from './espn-answers.ts';
import { injuryAnswer } from './injury-answers.ts';
import { notFound } from './json-answer.ts';
import { OddsApiAnswers, PrizePicksAnswers } from './line-answers.ts';
import type { RecordedSeason } from './recorded-season.ts';
import { ScheduleAnswers } from './schedule-answers.ts';

const eventOdds = /^\/v4\/sports\/basketball_nba\/events\/([0-9a-f]+)\/odds$/;

const espnPage = /^\/nba\/boxscore\/_\/gameId\/(\d+)$/;

/**
 * All data sources, answering in their own shapes out of a recorded season as they would at the clock's
 * moment: schedule statuses by the clock, a box score some minutes after the final whistle, a line from its
 * snapshot on, a move from its announcement on. One moment and one season, one answer to the byte.
 *
 * A path that is not recorded is answered with 404; what the real source would refuse, with 400.
 */
export class RecordedSource implements HttpSource {
  readonly #season: RecordedSeason;
  readonly #clock: Clock;
  readonly #schedule: ScheduleAnswers;
  readonly #balldontlie: BalldontlieAnswers;
  readonly #gameLog: GameLogAnswers;
  readonly #espn: EspnAnswers;
  readonly #oddsApi: OddsApiAnswers;
  readonly #prizePicks: PrizePicksAnswers;

  constructor(season: RecordedSeason, clock: Clock) {
    this.#season = season;
    this.#clock = clock;
    this.#schedule = new ScheduleAnswers(season);
    this.#balldontlie = new BalldontlieAnswers(season);
    this.#gameLog = new GameLogAnswers(season);
    this.#espn = new EspnAnswers(season);
    this.#oddsApi = new OddsApiAnswers(season);
    this.#prizePicks = new PrizePicksAnswers(season);
  }

  fetch(request: SourceRequest): Promise<SourceResponse> {
    return Promise.resolve(this.#answer(request));
  }

  #answer({ path, query }: SourceRequest): SourceResponse {
    const now = this.#clock.now();
    switch (path) {
      case '/stats/scheduleleaguev2': return this.#schedule.answer(query, now);
      case '/stats/leaguegamelog': return this.#gameLog.answer(query, now);
      case '/v1/stats': return this.#balldontlie.answer(query, now);
      case '/v1/player_injuries': return injuryAnswer(this.#season, now);
      case '/v4/sports/basketball_nba/events': return this.#oddsApi.events(now);
      case '/apis/site/v2/sports/basketball/nba/scoreboard': return this.#espn.scoreboard(query);
      case '/projections': return this.#prizePicks.board(now);
      default: {
        const espnId = espnPage.exec(path)?.[1];
        if (espnId !== undefined) return this.#espn.page(espnId, now);
        const eventId = eventOdds.exec(path)?.[1];
        return eventId === undefined ? notFound(path) : this.#oddsApi.odds(eventId, now);
      }
    }
  }
}
