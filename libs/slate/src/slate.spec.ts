import { gameDate, parseInstant } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { isPlanned, isPostponed, slateOf, type ScheduleFacts } from './slate.ts';

const row = (facts: Partial<ScheduleFacts> = {}): ScheduleFacts => ({
  game_date: '2026-01-24', game_id: '0022500644', tip_at: parseInstant('2026-01-24T22:30:00Z'), game_status: 1, home_team_tricode: 'MIN',
  away_team_tricode: 'GSW', home_team_score: null, away_team_score: null, is_postponed: false, ...facts,
});
const on = (rows: readonly ScheduleFacts[], date: string) => slateOf(rows, gameDate(date)).map(({ status, movedIn }) => ({ status, movedIn }));
const playedNextDay = row({ game_date: '2026-01-25', tip_at: parseInstant('2026-01-25T22:30:00Z') });

describe('a slate', () => {
  it.each`
    facts                                                             | status
    ${{}}                                                             | ${'scheduled'}
    ${{ game_status: 2, home_team_score: 40, away_team_score: 38 }}   | ${'live'}
    ${{ game_status: 3, home_team_score: 111, away_team_score: 85 }}  | ${'final'}
    ${{ game_status: 3 }}                                             | ${'postponed'}
    ${{ is_postponed: true }}                                         | ${'postponed'}
  `('shows $facts as $status', ({ facts, status }: { facts: Partial<ScheduleFacts>; status: string }) => {
    expect(on([row(facts)], '2026-01-24')).toEqual([{ status, movedIn: false }]);
  });

  it('takes the later date of a game that stands on two', () => {
    const rows = [row(), playedNextDay];
    expect(on(rows, '2026-01-24')).toEqual([{ status: 'postponed', movedIn: false }]);
    expect(on(rows, '2026-01-25')).toEqual([{ status: 'scheduled', movedIn: true }]);
  });

  it('takes the date that is not flagged, also when the game moved to an earlier one', () => {
    const rows = [row({ game_date: '2026-04-01', is_postponed: true }), row({ game_date: '2026-03-12' })];
    expect(on(rows, '2026-04-01')).toEqual([{ status: 'postponed', movedIn: false }]);
    expect(on(rows, '2026-03-12')).toEqual([{ status: 'scheduled', movedIn: true }]);
  });

  it('follows a game that moves twice', () => {
    const rows = [row({ is_postponed: true }), row({ game_date: '2026-01-25', is_postponed: true }), row({ game_date: '2026-02-03' })];
    expect(on(rows, '2026-01-24')).toEqual([{ status: 'postponed', movedIn: false }]);
    expect(on(rows, '2026-01-25')).toEqual([{ status: 'postponed', movedIn: true }]);
    expect(on(rows, '2026-02-03')).toEqual([{ status: 'scheduled', movedIn: true }]);
  });

  it('never shows a score for a game that was not played that day', () => {
    const [game] = slateOf([row({ game_status: 3, home_team_score: 111, away_team_score: 85, is_postponed: true })], gameDate('2026-01-24'));
    expect(game).toMatchObject({ status: 'postponed', homeScore: null, awayScore: null });
    expect(isPostponed(game!) && isPlanned(game!)).toBe(true);
  });

  it('orders by tip-off', () => {
    const rows = [row(), row({ game_id: '0022500645', tip_at: parseInstant('2026-01-24T17:00:00Z'), home_team_tricode: 'CHA', away_team_tricode: 'WAS' })];
    expect(slateOf(rows, gameDate('2026-01-24')).map((game) => game.officialId)).toEqual(['0022500645', '0022500644']);
  });
});
