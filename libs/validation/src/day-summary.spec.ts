import { before, minutes, parseInstant, type DailyScorecardRow } from '@handoff/contracts';
import { expect, it } from 'vitest';
import { summariseDay, type DayFacts } from './day-summary.ts';
import type { DecidedHour } from './decision-checks.ts';

const now = parseInstant('2026-01-25T12:00:00Z');
const decided = (ago: number): DecidedHour => ({ decidedAt: before(now, minutes(ago)), decisions: [{ workflow: 'betting_lines', action: 'RUN' }] });
const decisions = (...agos: readonly number[]): DayFacts['decisions'] => ({ decided: agos.map(decided), since: before(now, minutes(48 * 60)), now });
/** Noon ET of the day after: what is made of the games is due. */
const noonAfter = parseInstant('2026-01-25T17:00:00Z');
const card = (over: Partial<DailyScorecardRow> = {}): DailyScorecardRow => ({
  game_date: '2026-01-24', games_expected: 6, games_postponed: 1, games_with_box_score: 6, box_score_coverage_pct: 100, analytics_coverage_pct: 100, features_coverage_pct: 100, predictions_coverage_pct: 100, grading_coverage_pct: 100,
  feature_quality_avg: 85, players_predicted: 168, predictions_count: 504, graded_count: 400, voided_count: 20, phases_succeeded: 9, phases_failed: 0, score: 98.4, status: 'healthy', is_final: true, observed_at: noonAfter, ...over,
});
const day = (over: Partial<DayFacts> = {}): DayFacts => ({ today: '2026-01-25', yesterday: '2026-01-24', decisions: decisions(60, 0), slate: { games: 8, postponed: 0 }, scorecards: [card()], gamesYesterday: 6, openGaps: [], openBreakers: [], deadLetters: 0, ...over });

it('a night that went well is HEALTHY, and says what there was', () => {
  expect(summariseDay(day({ scorecards: [card(), card({ game_date: '2026-01-23', score: null })] }))).toEqual({
    status: 'HEALTHY',
    sections: [
      { name: 'orchestration', severity: 'ok', text: '2 decisions in 48 hours; open gap 0 min, longest closed gap 60 min' },
      { name: 'slate', severity: 'ok', text: '8 games on 2026-01-25' },
      { name: 'coverage', severity: 'ok', text: 'box scores 100 %, features 100 %, predictions 100 %' },
      { name: 'quality', severity: 'ok', text: 'features 85 of 100' },
      { name: 'predictions', severity: 'ok', text: '504 for 168 players of 6 games' },
      { name: 'analytics', severity: 'ok', text: '2026-01-24: 100 % of the players with a box score' },
      { name: 'grading', severity: 'ok', text: '2026-01-24: 400 graded, 100 % of what can be, 20 void' },
      { name: 'open gaps', severity: 'ok', text: 'none' },
      { name: 'open breakers', severity: 'ok', text: 'none' },
      { name: 'dead letters', severity: 'ok', text: 'none' },
      { name: 'trend', severity: 'ok', text: '01-23 -, 01-24 98' },
    ],
  });
});

it.each<readonly [what: string, over: Partial<DayFacts>, status: string]>([
  ['no decision for 126 minutes', { decisions: decisions(126) }, 'WARNING'],
  ['no decision for 366 minutes', { decisions: decisions(366) }, 'CRITICAL'],
  ['a closed gap of 119 minutes', { decisions: decisions(149, 30) }, 'HEALTHY'],
  ['a closed gap of 120 minutes', { decisions: decisions(150, 30) }, 'WARNING'],
  ['a closed gap of 360 minutes', { decisions: decisions(390, 30) }, 'CRITICAL'],
  ['no decisions', { decisions: decisions() }, 'CRITICAL'],
  ['box scores of 94.9 %', { scorecards: [card({ box_score_coverage_pct: 94.9 })] }, 'WARNING'],
  ['analytics of 94.9 %', { scorecards: [card({ analytics_coverage_pct: 94.9 })] }, 'WARNING'],
  ['a quality of 69.9', { scorecards: [card({ feature_quality_avg: 69.9 })] }, 'WARNING'],
  ['a quality of 64.9', { scorecards: [card({ feature_quality_avg: 64.9 })] }, 'CRITICAL'],
  ['49 players of six games', { scorecards: [card({ players_predicted: 47 })] }, 'WARNING'],
  ['16 players of two games', { scorecards: [card({ games_expected: 2, players_predicted: 16 })] }, 'HEALTHY'],
  ['94 % graded', { scorecards: [card({ grading_coverage_pct: 94 })] }, 'WARNING'],
  ['49 % graded', { scorecards: [card({ grading_coverage_pct: 49 })] }, 'CRITICAL'],
  ['nothing graded since nothing was due', { scorecards: [card({ grading_coverage_pct: null })] }, 'HEALTHY'],
  ['no scorecard of a date with games', { scorecards: [] }, 'WARNING'],
  ['no scorecard of a date without games', { scorecards: [], gamesYesterday: 0 }, 'HEALTHY'],
  ['an open gap', { openGaps: ['nba_raw.bdl_player_boxscores of 2026-01-24 (1)'] }, 'WARNING'],
  ['an open breaker', { openBreakers: ['processor phase2-raw'] }, 'WARNING'],
  ['a dead letter', { deadLetters: 1 }, 'WARNING'],
])('%s', (_what, over, status) => { expect(summariseDay(day(over)).status).toBe(status); });

const morning = (over: Partial<DailyScorecardRow> = {}): DailyScorecardRow => card({ is_final: false, observed_at: parseInstant('2026-01-25T11:00:00Z'), ...over });
const before24 = (over: Partial<DailyScorecardRow> = {}): DailyScorecardRow => card({ game_date: '2026-01-23', observed_at: parseInstant('2026-01-24T17:00:00Z'), ...over });
const sectionsOf = (...scorecards: readonly DailyScorecardRow[]) => Object.fromEntries(summariseDay(day({ scorecards })).sections.map(({ name, severity, text }) => [name, `${severity} ${text}`]));

it('what is made of games is judged by the newest look that was made after it was due, and says of which date', () => {
  expect(sectionsOf(morning(), before24({ grading_coverage_pct: 0, graded_count: 0, analytics_coverage_pct: 90 }))).toMatchObject({
    analytics: 'warning 2026-01-23: 90 % of the players with a box score', grading: 'critical 2026-01-23: 0 graded, 0 % of what can be, 20 void',
  });
});

it('a look before it was due says nothing of it, neither good nor bad', () => {
  const sections = sectionsOf(morning({ grading_coverage_pct: 0, analytics_coverage_pct: 0 }));
  expect(Object.keys(sections)).not.toContain('grading');
  expect(Object.values(sections).every((text) => text.startsWith('ok'))).toBe(true);
});

it('a date that nobody has looked at since its grades were due is told of', () => {
  expect(sectionsOf(morning(), before24({ observed_at: parseInstant('2026-01-24T11:00:00Z') }))['not looked at']).toBe('warning 2026-01-23 has no scorecard from after its grades were due');
});
