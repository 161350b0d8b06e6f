import { OfficialGameId, parseInstant, PipelineError, Tricode } from '@handoff/contracts';
import { gameDateOf } from '@handoff/slate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEspnScoreboard } from './espn.ts';
import { parseOddsEvents } from './odds-api.ts';
import { transformOf, transforms } from './transforms.ts';

const tipAt = parseInstant('2026-01-24T22:30:00Z');
const game = { officialId: OfficialGameId.parse('0022500644'), gameDate: gameDateOf(tipAt), tipAt, away: Tricode.parse('GSW'), home: Tricode.parse('MIN') };
const context = { gameDate: game.gameDate, fetchedAt: tipAt, processedAt: tipAt, path: 'a/b.json', games: [game] };
const counted = ['pts', 'ast', 'reb', 'oreb', 'dreb', 'stl', 'blk', 'turnover', 'pf', 'fgm', 'fga', 'fg3m', 'fg3a', 'ftm', 'fta'];
const stat = {
  min: '34', ...Object.fromEntries(counted.map((name) => [name, 3])), plus_minus: -3, player: { id: 7, first_name: 'Stephen', last_name: 'Curry' }, team: { abbreviation: 'GSW' },
  game: { date: '2026-01-24', status: 'Final', home_team_id: 18, visitor_team_id: 10, home_team_score: 85, visitor_team_score: 111 },
};

const espnKeys = [
  'minutes', 'fieldGoalsMade-fieldGoalsAttempted', 'threePointFieldGoalsMade-threePointFieldGoalsAttempted', 'freeThrowsMade-freeThrowsAttempted', 'offensiveRebounds', 'defensiveRebounds', 'rebounds',
  'assists', 'steals', 'blocks', 'turnovers', 'fouls', 'plusMinus', 'points',
];
/** An answer as its source sends it: JSON, or a page with it in a script. */
const sent = (scraper: string, text: string): string => (scraper === 'espn_boxscore' ? `<html><script>window['__espnfitt__']=${text};</script></html>` : text);

describe('any answer', () => {
  const valid: Readonly<Record<string, unknown>> = {
    bdl_player_box_scores: { data: [stat], meta: {} },
    oddsa_player_props: { id: 'e', commence_time: '2026-01-24T22:40:00Z', home_team: 'Minnesota Timberwolves', away_team: 'Golden State Warriors', bookmakers: [{ key: 'b', markets: [{ key: 'player_points', last_update: '2026-01-24T17:00:00Z', outcomes: [{ name: 'Over', description: 'Stephen Curry', price: -110, point: 26.5 }] }] }] },
    prizepicks_lines: { scrapedAt: '2026-01-24T12:30:00Z', props: [{ player: 'Stephen Curry', stat: 'Points', line: 26.5, oddsType: 'standard', startTimeIso: '2026-01-24T17:40:00Z', teamCode: 'GSW', opponentCode: 'MIN', gameId: '1' }] },
    bdl_injuries: { data: [{ player: { first_name: 'Stephen', last_name: 'Curry' }, status: 'Out', description: 'x' }] },
    nbac_schedule_api: { leagueSchedule: { gameDates: [{ games: [{ gameId: '0022500644', gameStatus: 1, gameStatusText: '', gameDateTimeUTC: '2026-01-24T22:30:00Z', homeTeam: { teamTricode: 'MIN', score: 0 }, awayTeam: { teamTricode: 'GSW', score: 0 } }] }] } },
    espn_boxscore: { page: { content: { gamepackage: {
      gmStrp: { dt: '2026-01-24T22:30Z', statusState: 'post', tms: [{ abbrev: 'MIN', isHome: true, score: '85' }, { abbrev: 'GS', isHome: false, score: '111' }] },
      bxscr: [{ tm: { abbrev: 'GS' }, stats: [{ keys: espnKeys, athlts: [{ stats: ['34', '5-9', '0-1', '3-5', '1', '6', '7', '2', '0', '0', '2', '3', '-8', '13'], athlt: { id: '1', dspNm: 'Stephen Curry' } }] }] }],
    } } } },
    nbac_player_boxscore: { resultSets: [{ name: 'LeagueGameLog', headers: ['GAME_ID'], rowSet: [['0022500644']] }] },
  };
  const unanswered = (scraper: string): never => { throw new RangeError(`give ${scraper} a valid answer here`); };
  const expectOnlyPipelineErrors = (parseIt: () => unknown): void => {
    try {
      parseIt();
    } catch (error) {
      expect(error).toBeInstanceOf(PipelineError);
      expect(error).toMatchObject({ code: 'payload-malformed', disposition: 'reject' });
    }
  };

  it('that is valid is read without findings, but for the game log, whose columns are missing', () => {
    for (const { scraper, parse } of transforms.filter((transform) => transform.scraper !== 'nbac_player_boxscore')) expect(parse(sent(scraper, JSON.stringify(valid[scraper])), context), scraper).toMatchObject({ unresolved: [] });
  });

  it.each(['<html>blocked</html>', '', '{"data":', 'null', '[]', '{}'])('that is %j is malformed, naming scraper and path', (text) => {
    for (const transform of transforms) {
      const { scraper } = transform;
      expect(() => transform.parse(text, context)).toThrow(expect.objectContaining({ code: 'payload-malformed', facts: expect.objectContaining({ scraper, path: 'a/b.json' }) as unknown }));
    }
  });

  it('broken at any one place is rows, findings or a malformed payload, never another error', () => {
    /** Replaces the value at one leaf or branch, chosen by `place`, by `replacement`. */
    const withBroken = (value: unknown, place: { left: number }, replacement: unknown): unknown => {
      place.left -= 1;
      if (place.left < 0 && place.left > -2) return replacement;
      if (Array.isArray(value)) return value.map((entry) => withBroken(entry, place, replacement));
      if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, withBroken(entry, place, replacement)]));
      return value;
    };
    const scraper = fc.constantFrom(...transforms.map((transform) => transform.scraper));
    fc.assert(
      fc.property(scraper, fc.nat(45), fc.oneof(fc.jsonValue(), fc.string(), fc.constantFrom('', 0, -1, 1e308, null)), (name, left, replacement) => {
        const text = JSON.stringify(withBroken(valid[name] ?? unanswered(name), { left }, replacement));
        expectOnlyPipelineErrors(() => transformOf(name).parse(sent(name, text), context));
        expectOnlyPipelineErrors(() => parseOddsEvents(text, context));
        expectOnlyPipelineErrors(() => parseEspnScoreboard(text, 'a/b.json'));
      }),
      { numRuns: 1_500 },
    );
  });
});
