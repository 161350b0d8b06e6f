import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parseInstant, type PipelineError } from '@handoff/contracts';
import { sharedData } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDataDirectory, type DataDirectoryOptions, type LoadedData } from './load-data-directory.ts';
import { loadRecordings } from './load-recordings.ts';

const committed = fileURLToPath(new URL('../../../../tools/local/recordings/nba', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recordings-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a file below the folder; `.gz` names are packed. */
function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
}
const load = (options: DataDirectoryOptions = {}): LoadedData => loadDataDirectory(folder, options);
const refused = (code: string, ...parts: string[]) =>
  expect.objectContaining({ code, disposition: 'reject', message: expect.stringMatching(parts.map((part) => `(?=.*${part})`).join('')) as unknown }) as PipelineError;

const boxHeader = 'SEASON_ID,PLAYER_ID,PLAYER_NAME,TEAM_ABBREVIATION,GAME_ID,GAME_DATE,MATCHUP,MIN,FGM,FGA,FG3M,FG3A,FTM,FTA,OREB,DREB,REB,AST,STL,BLK,TOV,PF,PTS,PLUS_MINUS';
const box = (playerId: number, team: string, matchup: string, over: { game?: string; date?: string; min?: string; pts?: string; name?: string } = {}): string =>
  `22023,${playerId},${over.name ?? `Player ${playerId}`},${team},${over.game ?? '0022300001'},${over.date ?? '2023-11-03'},${matchup},${over.min ?? '30'},4,8,1,2,1,2,1,2,3,4,1,0,2,3,${over.pts ?? '10'},-5`;
const boxText = (...rows: string[]): string => `${[boxHeader, ...rows].join('\n')}\n`;
const homeAndAway = [box(1, 'BOS', 'BOS vs. NYK'), box(2, 'NYK', 'NYK @ BOS', { pts: '7' })];
const flatHeader = 'game_id,season,game_date_et,tip_utc,tip_et,game_status,game_status_text,home_tricode,away_tricode,home_score,away_score,postponed_status,is_neutral';
const flat = (over: { game?: string; home?: string; tip?: string; date?: string; score?: string } = {}): string =>
  `${over.game ?? '0022300001'},2023-24,${over.date ?? '2023-11-03'},${over.tip ?? '2023-11-03T23:30:00Z'},x,3,Final,${over.home ?? 'BOS'},NYK,${over.score ?? '110'},100,N,0`;
const flatText = (...rows: string[]): string => `${[flatHeader, ...rows].join('\n')}\n`;
const mergedHeader = 'game_id,season,home_tricode,away_tricode,scheduled_date_et,scheduled_datetime_utc,actual_game_date,actual_tip_utc,home_score,away_score,leaguegamefinder_matchup_without_vs';
const merged = (planned: string, date: string, tip: string): string => `0022300001,2023-24,BOS,NYK,${planned.slice(0, 10)},${planned},${date},${tip},110,100,0`;

describe('the committed recordings', () => {
  it('hold two seasons: 2,460 games, 41,297 stat lines, eleven moves, all of assumed moments', () => {
    const season = loadRecordings(committed);
    expect(season.games).toHaveLength(2460);
    expect([...season.statsByGame.values()].reduce((sum, stats) => sum + stats.length, 0)).toBe(41_297);
    expect(season.statsByGame.size).toBe(1_920);
    expect(season.dates).toEqual({ from: '2024-10-22', to: '2026-01-26' });
    expect([...season.announcements.values()].every(({ isAssumed, note }) => isAssumed && !note.includes('earlier of the two'))).toBe(true);
    expect(season.announcements.get('0022500644')?.announcedAt).toBe(parseInstant('2026-01-24T19:30:00Z'));
    expect(season.games.filter((game) => game.isNeutralSite && game.officialId.startsWith('00225')).map(({ officialId }) => officialId).toSorted()).toEqual(['0022500147', '0022500578', '0022500602', '0022501229', '0022501230']);
    expect(season.digest).toBe(loadRecordings(committed).digest);
  });

  it.each`
    what                     | break
    ${'cut off'}             | ${(path: string) => { writeFileSync(path, readFileSync(path).subarray(0, 1_000)); }}
    ${'altered'}             | ${(path: string) => { writeFileSync(path, gzipSync('known_at,player,status,description\n')); }}
    ${'missing'}             | ${(path: string) => { rmSync(path); }}
  `('name the file that is $what, and what to do', ({ break: breakFile }: { break: (path: string) => void }) => {
    cpSync(committed, folder, { recursive: true });
    breakFile(join(folder, 'injuries.csv.gz'));
    expect(() => loadRecordings(folder)).toThrow(refused('recording-corrupt', 'injuries\\.csv\\.gz', 'restore tools/local/recordings'));
  });

  it('refuse another version of the manifest, and a folder without one', () => {
    expect(() => loadRecordings(folder)).toThrow(refused('recording-corrupt', 'manifest\\.json'));
    copyFileSync(join(committed, 'manifest.json'), join(folder, 'manifest.json'));
    writeFileSync(join(folder, 'manifest.json'), readFileSync(join(committed, 'manifest.json'), 'utf8').replace('recording/1', 'recording/2'));
    expect(() => loadRecordings(folder)).toThrow(refused('recording-corrupt', 'manifest\\.json', 'this version'));
  });
});

describe('a data directory', () => {
  it('makes games of box scores alone, at 19:00 Eastern, scores summed', () => {
    put('deep/down/box.csv.gz', boxText(...homeAndAway));
    put('notes.txt', 'hello');
    put('other.csv', 'a,b\n1,"unclosed');
    const { season, ignored, dropped } = load();
    expect(season.games).toMatchObject([{ officialId: '0022300001', home: 'BOS', away: 'NYK', actualDate: '2023-11-03', actualTipAt: parseInstant('2023-11-03T23:00:00Z'), homeScore: 10, awayScore: 7, isTipAssumed: true, isNeutralSite: false }]);
    expect(season.statsByGame.get('0022300001')).toHaveLength(2);
    expect(ignored).toEqual(['notes.txt', 'other.csv']);
    expect(dropped).toEqual([]);
    expect(season.dates).toEqual({ from: '2023-11-03', to: '2023-11-03' });
  });

  it('reads a neutral site out of two rows with an @', () => {
    put('box.csv', boxText(box(1, 'BOS', 'BOS @ NYK'), box(2, 'NYK', 'NYK @ BOS')));
    expect(load().season.games).toMatchObject([{ isNeutralSite: true, home: 'NYK', away: 'BOS' }]);
  });

  it('takes games from a schedule, also those whose box score never comes', () => {
    put('box.csv', boxText(...homeAndAway));
    put('schedule.csv', flatText(flat(), flat({ game: '0022300002', tip: '2023-11-05T00:00:00Z', date: '2023-11-04' })));
    const { season } = load();
    expect(season.games.map(({ officialId, isTipAssumed }) => [officialId, isTipAssumed])).toEqual([['0022300001', false], ['0022300002', false]]);
    expect(season.statsByGame.has('0022300002')).toBe(false);
  });

  it.each`
    planned                        | date            | tip                            | plannedDate     | actualTip                 | assumed
    ${'2023-11-01 23:30:00+00:00'} | ${'2023-11-03'} | ${'2023-11-03 23:00:00+00:00'} | ${'2023-11-01'} | ${'2023-11-03T23:00:00Z'} | ${false}
    ${'2023-11-06 00:30:00+00:00'} | ${'2023-11-03'} | ${''}                          | ${'2023-11-05'} | ${'2023-11-03T23:30:00Z'} | ${true}
    ${''}                          | ${'2023-11-03'} | ${'2023-11-04 01:00:00+00:00'} | ${'2023-11-03'} | ${'2023-11-04T01:00:00Z'} | ${false}
    ${''}                          | ${'2023-11-03'} | ${''}                          | ${'2023-11-03'} | ${'2023-11-03T23:00:00Z'} | ${true}
  `('reads a merged schedule planned $planned, played $date $tip', ({ planned, date, tip, plannedDate, actualTip, assumed }: Record<'planned' | 'date' | 'tip' | 'plannedDate' | 'actualTip', string> & { assumed: boolean }) => {
    put('box.csv', boxText(...homeAndAway));
    put('schedule.csv', `${mergedHeader}\n${merged(planned, date, tip)}\n`);
    const { season } = load();
    expect(season.games).toMatchObject([{ plannedDate, actualDate: date, actualTipAt: parseInstant(actualTip), isTipAssumed: assumed }]);
    expect(season.announcements.size).toBe(plannedDate === date ? 0 : 1);
  });

  it('takes regular-season games only, unless other types are named', () => {
    put('box.csv', boxText(...homeAndAway, box(3, 'BOS', 'BOS vs. NYK', { game: '0042300101', date: '2024-04-20' })));
    expect(load().season.games.map(({ officialId }) => officialId)).toEqual(['0022300001']);
    expect(load({ gameTypes: ['002', '004'] }).season.games.map(({ officialId }) => officialId)).toEqual(['0022300001', '0042300101']);
    expect(() => load({ gameTypes: ['001'] })).toThrow(refused('recording-missing', '001'));
    expect(load().season.digest).not.toBe(load({ gameTypes: ['002', '004'] }).season.digest);
  });

  it('drops, by name, games without teams and box scores that the schedule of their season does not have', () => {
    put('box.csv', boxText(...homeAndAway, box(3, 'BOS', 'BOS vs. NYK', { game: '0022300009' })));
    put('schedule.csv', flatText(flat(), flat({ game: '0022300005', home: '' }), flat({ game: '0022300006', home: 'NZB' })));
    const { season, dropped } = load();
    expect(dropped).toEqual([
      { officialId: '0022300005', reason: 'teams-not-named' }, { officialId: '0022300006', reason: 'team-unknown' }, { officialId: '0022300009', reason: 'not-in-schedule' },
    ]);
    expect(season.games).toHaveLength(1);
    expect([...season.statsByGame.keys()]).toEqual(['0022300001']);
  });

  it('accepts the same row twice, however it writes its numbers', () => {
    put('a.csv', boxText(...homeAndAway));
    put('b.csv', boxText(box(1, 'BOS', 'BOS vs. NYK', { min: '30.0', pts: '10.0' })));
    put('c.csv', boxText(box(1, 'BOS', 'BOS vs. NYK', { name: '"Player 1"' })));
    expect(load().season.statsByGame.get('0022300001')).toHaveLength(2);
  });

  it('refuses rows and games that disagree, naming id, files and columns', () => {
    put('a.csv', boxText(...homeAndAway));
    put('b.csv', boxText(box(1, 'BOS', 'BOS vs. NYK', { min: '31', pts: '12' })));
    expect(load).toThrow(refused('recording-duplicate-disagrees', '0022300001 player 1', 'a\\.csv', 'b\\.csv', 'minutes', 'PTS'));
    rmSync(join(folder, 'b.csv'));
    put('s1.csv', flatText(flat()));
    put('s2.csv', flatText(flat({ score: '111' })));
    expect(load).toThrow(refused('recording-duplicate-disagrees', '0022300001', 's1\\.csv', 's2\\.csv', 'homeScore'));
  });

  it('refuses a box score of another date than the schedule’s', () => {
    put('a.csv', boxText(...homeAndAway));
    put('s.csv', flatText(flat({ tip: '2023-11-04T23:30:00Z', date: '2023-11-04' })));
    expect(load).toThrow(refused('recording-duplicate-disagrees', '2023-11-03', '2023-11-04'));
  });

  it.each`
    what                         | name            | text                                                             | problem
    ${'a missing column'}        | ${'box.csv'}    | ${boxText(...homeAndAway).replaceAll('PLUS_MINUS', 'PM')}        | ${'columns PLUS_MINUS are missing'}
    ${'a row too short'}         | ${'box.csv'}    | ${`${boxText(...homeAndAway)}1,2,3\n`}                           | ${'line 4 has 3 columns'}
    ${'a number that is none'}   | ${'box.csv'}    | ${boxText(box(1, 'BOS', 'BOS vs. NYK', { pts: 'ten' }))}         | ${'line 2, PTS is no whole number: "ten"'}
    ${'an empty number'}         | ${'box.csv'}    | ${boxText(box(1, 'BOS', 'BOS vs. NYK', { pts: '' }))}            | ${'line 2, PTS is empty'}
    ${'a team that is none'}     | ${'box.csv'}    | ${boxText(box(1, 'XXX', 'BOS vs. NYK'))}                         | ${'TEAM_ABBREVIATION cannot be read: "XXX"'}
    ${'a matchup that is none'}  | ${'box.csv'}    | ${boxText(box(1, 'BOS', 'Boston'))}                              | ${'MATCHUP names no two teams'}
    ${'an unclosed quote'}       | ${'box.csv'}    | ${boxText(box(1, 'BOS', 'BOS vs. NYK', { name: '"P' }))}         | ${'is not delimited text'}
    ${'a tip without a zone'}    | ${'s.csv'}      | ${flatText(flat({ tip: '2023-11-03T23:30:00' }))}                | ${'tip_utc cannot be read'}
    ${'a tip of another date'}   | ${'s.csv'}      | ${flatText(flat({ date: '2023-11-04' }))}                        | ${'game_date_et is not the Eastern date'}
  `('refuses $what', ({ name, text, problem }: { name: string; text: string; problem: string }) => {
    put(name, text);
    expect(load).toThrow(refused('recording-corrupt', problem, name === 'box.csv' && problem.startsWith('MATCHUP') ? '' : name));
  });

  it('refuses a packed file that is cut off, a missing directory and one without box scores', () => {
    expect(load).toThrow(refused('recording-missing'));
    expect(() => loadDataDirectory(join(folder, 'nowhere'))).toThrow(refused('recording-missing', 'nowhere'));
    writeFileSync(join(folder, 'box.csv.gz'), gzipSync(boxText(...homeAndAway)).subarray(0, 100));
    expect(load).toThrow(refused('recording-corrupt', 'box\\.csv\\.gz', 'cut off'));
  });

  it('that is the shared data gives the seasons that are committed', (context) => {
    const { season, ignored, dropped } = loadDataDirectory(sharedData(context, ''));
    const recorded = loadRecordings(committed);
    expect(season.games).toEqual(recorded.games);
    expect(dropped).toEqual([]);
    const sorted = (stats: ReadonlyMap<string, readonly { readonly playerId: number }[]>) => [...stats].map(([id, list]) => [id, list.toSorted((a, b) => a.playerId - b.playerId)] as const).toSorted(([a], [b]) => a.localeCompare(b));
    expect(sorted(season.statsByGame)).toEqual(sorted(recorded.statsByGame));
    expect(ignored).toContain('team_box/team_box_2024-25_all_game_types.csv.gz');
    expect(ignored).toContain('schedule/raw_2025-26_schedule_captured_2025-09-22.csv.gz');
  });
});
