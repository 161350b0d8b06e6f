import { gameDate, OfficialGameId, parseInstant, Tricode, type EpochMs } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { recordedSeason, statColumns, type RecordedGame, type RecordedStat, type SeasonParts } from './recorded-season.ts';
import { RecordedSource } from './recorded-source.ts';

const game = (over: Partial<RecordedGame> = {}): RecordedGame => ({
  officialId: OfficialGameId.parse('0022500001'), home: Tricode.parse('BOS'), away: Tricode.parse('NYK'), plannedDate: gameDate('2025-11-03'), plannedTipAt: parseInstant('2025-11-04T00:00:00Z'),
  actualDate: gameDate('2025-11-03'), actualTipAt: parseInstant('2025-11-04T00:00:00Z'), homeScore: 110, awayScore: 100, isNeutralSite: false, isTipAssumed: false, ...over,
});
const stat = (playerId: number): RecordedStat => ({
  officialId: '0022500001', playerId, playerName: `Player ${playerId}`, team: Tricode.parse('BOS'), minutes: 5, plusMinus: null, counts: Object.fromEntries(statColumns.map((column) => [column, 1])) as RecordedStat['counts'],
});
const ask = async (parts: SeasonParts, now: string, path: string, query: Readonly<Record<string, string>> = {}): Promise<string> => {
  const source = new RecordedSource(recordedSeason(parts), { now: (): EpochMs => parseInstant(now) });
  return new TextDecoder().decode((await source.fetch({ scraper: 'any', path, query })).body);
};
const season = { Season: '2025-26' };

describe('a season of one game', () => {
  it.each`
    players | pages
    ${100}  | ${1}
    ${101}  | ${2}
    ${1}    | ${1}
  `('with $players stat lines has $pages pages of a hundred', async ({ players, pages }: { players: number; pages: number }) => {
    const parts = { games: [game()], stats: Array.from({ length: players }, (_, index) => stat(index + 1)) };
    const text = await ask(parts, '2025-11-05T00:00:00Z', '/v1/stats', { 'dates[]': '2025-11-03', per_page: '500' });
    expect(JSON.parse(text)).toMatchObject({ meta: pages === 1 ? { per_page: 100 } : { next_cursor: 100 } });
    expect(text.includes('next_cursor')).toBe(pages > 1);
  });

  it('that nobody says was played stays scheduled', async () => {
    expect(await ask({ games: [game({ homeScore: null, awayScore: null })] }, '2025-11-05T00:00:00Z', '/stats/scheduleleaguev2', season)).toContain('"gameStatus":1');
  });

  it('that moved without an announcement is known to three hours before the earlier tip-off, whichever that is', async () => {
    const later = game({ actualDate: gameDate('2025-11-06'), actualTipAt: parseInstant('2025-11-07T00:00:00Z') });
    const earlier = game({ plannedDate: gameDate('2025-11-06'), plannedTipAt: parseInstant('2025-11-07T00:00:00Z') });
    for (const moved of [later, earlier]) {
      expect(await ask({ games: [moved] }, '2025-11-03T20:59:59Z', '/stats/scheduleleaguev2', season)).not.toContain('PPD');
      expect(await ask({ games: [moved] }, '2025-11-03T21:00:00Z', '/stats/scheduleleaguev2', season)).toContain('PPD');
    }
  });

  it('without lines has no events and an empty board', async () => {
    expect(await ask({ games: [game()] }, '2025-11-03T20:00:00Z', '/v4/sports/basketball_nba/events')).toBe('[]');
    expect(JSON.parse(await ask({ games: [game()] }, '2025-11-03T20:00:00Z', '/projections'))).toMatchObject({ props: [], totalProps: 0 });
  });

  it('forgets an injury that ended', async () => {
    const injury = { player: 'Some Body', description: '' };
    const injuries = [{ ...injury, knownAt: parseInstant('2025-11-03T12:00:00Z'), status: 'Available' }, { ...injury, knownAt: parseInstant('2025-11-02T12:00:00Z'), status: 'Out' }];
    expect(await ask({ games: [game()], injuries }, '2025-11-03T11:00:00Z', '/v1/player_injuries')).toContain('"status":"Out"');
    expect(JSON.parse(await ask({ games: [game()], injuries }, '2025-11-03T12:00:00Z', '/v1/player_injuries'))).toMatchObject({ data: [] });
  });

  it('has a digest of its content', () => {
    expect(recordedSeason({ games: [game()] }).digest).toBe(recordedSeason({ games: [game()] }).digest);
    expect(recordedSeason({ games: [game({ homeScore: 111 })] }).digest).not.toBe(recordedSeason({ games: [game()] }).digest);
    expect(recordedSeason({ games: [game()] }).dates).toBeUndefined();
  });
});
