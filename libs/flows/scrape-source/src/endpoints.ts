import type { ScrapeRequested } from '@handoff/contracts';
import type { SourceRequest } from '@handoff/ports';
import { seasonYearOf } from '@handoff/slate';

/** Path and query, as the source's API names them. */
export type Endpoint = Omit<SourceRequest, 'scraper'>;

type Dates = Pick<ScrapeRequested, 'gameDate' | 'untilDate'>;

const endpoints: Readonly<Record<string, (dates: Dates, event: string) => Endpoint>> = {
  nbac_schedule_api: ({ gameDate }) => ({ path: '/stats/scheduleleaguev2', query: { LeagueID: '00', Season: seasonOf(gameDate) } }),
  bdl_player_box_scores: ({ gameDate, untilDate }) => ({ path: '/v1/stats', query: { start_date: gameDate, end_date: untilDate, per_page: '100' } }),
  nbac_player_boxscore: ({ gameDate, untilDate }) => ({
    path: '/stats/leaguegamelog',
    query: { LeagueID: '00', Season: seasonOf(gameDate), SeasonType: 'Regular Season', PlayerOrTeam: 'P', Counter: '1000', Sorter: 'DATE', Direction: 'DESC', DateFrom: gameDate, DateTo: untilDate },
  }),
  espn_scoreboard: ({ gameDate }) => ({ path: '/apis/site/v2/sports/basketball/nba/scoreboard', query: { dates: gameDate.replaceAll('-', ''), limit: '50' } }),
  espn_boxscore: (_dates, event) => ({ path: `/nba/boxscore/_/gameId/${event}`, query: {} }),
  oddsa_events: () => ({ path: '/v4/sports/basketball_nba/events', query: { dateFormat: 'iso' } }),
  oddsa_player_props: (_dates, event) => ({
    path: `/v4/sports/basketball_nba/events/${event}/odds`,
    query: { regions: 'us', markets: 'player_points', oddsFormat: 'american', dateFormat: 'iso' },
  }),
  prizepicks_lines: () => ({ path: '/projections', query: { league: 'NBA' } }),
  bdl_injuries: () => ({ path: '/v1/player_injuries', query: { per_page: '100' } }),
};

/** `2025-26`. */
function seasonOf(date: Dates['gameDate']): string {
  const year = seasonYearOf(date);
  return `${year}-${String((year + 1) % 100).padStart(2, '0')}`;
}

/** @throws RangeError for a scraper whose source is in the catalogue and has no endpoint yet. */
export function endpointOf(scraper: string, dates: Dates, event = ''): Endpoint {
  const endpoint = endpoints[scraper];
  if (endpoint === undefined) throw new RangeError(`no endpoint for scraper ${scraper}: add it to endpoints.ts before its source is enabled`);
  return endpoint(dates, event);
}
