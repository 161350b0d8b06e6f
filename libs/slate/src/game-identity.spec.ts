import { hasCode, OfficialGameId, Tricode, gameDate } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateGameIdOf, gameCodeOf, officialIdOf, parseDateGameId, parseGameCode, parseOfficialId, resolveGame, type GameIdentity } from './game-identity.ts';
import { requireTricode, teamNameOf, teamOf, teams, teamWithId, tricodeOf } from './teams.ts';

const game = (officialId: string, date: string, away: string, home: string): GameIdentity => ({
  officialId: OfficialGameId.parse(officialId), gameDate: gameDate(date), away: Tricode.parse(away), home: Tricode.parse(home),
});
const memphisAtOrlando = game('0022500578', '2026-01-15', 'MEM', 'ORL');
const games = [
  memphisAtOrlando,
  game('0022500644', '2026-01-24', 'GSW', 'MIN'),
  game('0022500644', '2026-01-25', 'GSW', 'MIN'),
  game('0022500602', '2026-01-18', 'ORL', 'MEM'),
];

describe('game ids', () => {
  it('tell season type, season and number, and are rebuilt from them', () => {
    expect(parseOfficialId('0022500578')).toEqual({ seasonType: 'regular', seasonYear: 2025, number: 578 });
    expect(parseOfficialId('0062500001').seasonType).toBe('cup-final');
    expect(officialIdOf({ seasonType: 'playoffs', seasonYear: 2024, number: 407 })).toBe('0042400407');
  });

  it.each(['22500578', '0072500578', '00225005789', '0012500a78', ''])('refuse %j', (text) => {
    expect(() => parseOfficialId(text)).toThrow(expect.objectContaining({ code: 'game-id-malformed', disposition: 'reject' }));
  });

  it('convert both ways through date and teams', () => {
    expect(dateGameIdOf(memphisAtOrlando)).toBe('20260115_MEM_ORL');
    expect(gameCodeOf(memphisAtOrlando)).toBe('20260115/MEMORL');
    const dates = fc.integer({ min: 0, max: 9_000 }).map((day) => gameDate(new Date(Date.UTC(2008, 0, 1) + day * 86_400_000).toISOString().slice(0, 10)));
    const sides = fc.uniqueArray(fc.constantFrom(...teams.map(({ tricode }) => tricode)), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(dates, sides, (date, [home, away]) => {
        const parts = { gameDate: date, home: home!, away: away! };
        expect(parseDateGameId(dateGameIdOf(parts))).toEqual(parts);
        expect(parseGameCode(gameCodeOf(parts))).toEqual(parts);
      }),
    );
  });

  it.each(['0022500578', '20260115_MEM_ORL', '20260115/MEMORL'])('find the game by %s', (reference) => {
    expect(resolveGame(games, reference)).toEqual({ kind: 'found', game: memphisAtOrlando });
  });

  it('normalise a source’s own codes in a date id', () => {
    expect(resolveGame(games, '20260124_GS_MIN')).toMatchObject({ kind: 'found', game: { officialId: '0022500644' } });
  });

  it('say that the teams are reversed instead of accepting them', () => {
    expect(resolveGame(games, '20260115_ORL_MEM')).toEqual({ kind: 'reversed', game: memphisAtOrlando });
  });

  it('mean the later date when an official id stands on two', () => {
    expect(resolveGame(games, '0022500644')).toMatchObject({ game: { gameDate: '2026-01-25' } });
    expect(resolveGame(games, '20260124/GSWMIN')).toMatchObject({ game: { gameDate: '2026-01-24' } });
  });

  it('are unknown when no such game is planned, and refused when they are no ids', () => {
    expect(resolveGame(games, '20260116_MEM_ORL')).toEqual({ kind: 'unknown' });
    expect(resolveGame(games, '0022500999')).toEqual({ kind: 'unknown' });
    for (const text of ['20260230_MEM_ORL', '20260115_MEM_XXX', '20260115/MEMOR', 'nonsense']) {
      expect(() => resolveGame(games, text)).toThrow(expect.objectContaining({ code: 'game-id-malformed' }));
    }
  });
});

describe('teams', () => {
  it.each`
    source                    | tricode
    ${'PHO'}                  | ${'PHX'}
    ${'BRK'}                  | ${'BKN'}
    ${'CHO'}                  | ${'CHA'}
    ${'GS'}                   | ${'GSW'}
    ${'NO'}                   | ${'NOP'}
    ${'NOH'}                  | ${'NOP'}
    ${'NY'}                   | ${'NYK'}
    ${'SA'}                   | ${'SAS'}
    ${'utah'}                 | ${'UTA'}
    ${'WSH'}                  | ${'WAS'}
    ${'Los Angeles Clippers'} | ${'LAC'}
    ${'LA Clippers'}          | ${'LAC'}
    ${'Los Angeles Lakers'}   | ${'LAL'}
    ${'Philadelphia 76ers'}   | ${'PHI'}
    ${'Trail Blazers'}        | ${'POR'}
    ${'Golden State'}         | ${'GSW'}
  `('$source is $tricode', ({ source, tricode }: { source: string; tricode: string }) => {
    expect(tricodeOf(source)).toBe(tricode);
  });

  it.each(['Los Angeles', 'LA', 'Seattle', ''])('%j is none', (source) => {
    expect(tricodeOf(source)).toBeUndefined();
    expect(() => requireTricode(source, 'balldontlie')).toThrow(expect.objectContaining({ code: 'team-unknown', disposition: 'reject', facts: { source: 'balldontlie', value: source } }));
  });

  it('are thirty, each found by code, id, full name and nickname', () => {
    expect(teams).toHaveLength(30);
    expect(new Set(teams.map(({ teamId }) => teamId)).size).toBe(30);
    for (const team of teams) {
      expect(teamWithId(team.teamId)).toBe(team);
      for (const name of [team.tricode, `${team.city} ${team.nickname}`, team.nickname]) expect(teamOf(name)).toBe(team);
    }
    expect(teamNameOf('LAC')).toBe('LA Clippers');
    expect(teamNameOf('XXX')).toBeUndefined();
  });

  it('name what could not be read in the error', () => {
    try {
      requireTricode('Sonics', 'espn');
    } catch (error) {
      expect(hasCode(error, 'team-unknown') && String(error)).toContain('Sonics');
    }
  });
});
