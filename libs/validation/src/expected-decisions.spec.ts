import { workflows, type WorkflowName } from '@handoff/catalogue';
import { after, gameDate, hours, isoInstant, minutes, type EpochMs } from '@handoff/contracts';
import { addDays, easternTime, slateOf, type SlateGame } from '@handoff/slate';
import { aGame } from '@handoff/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDecisionPattern, type DecidedHour } from './decision-checks.ts';
import { expectedDecisions } from './expected-decisions.ts';

const date = gameDate('2026-01-24');
const at = (hour: number, minute = 0, days = 0): EpochMs => easternTime(addDays(date, days), hour, minute);
const tipping = (...tips: readonly EpochMs[]): readonly SlateGame[] => slateOf(tips.map((tip, index) => aGame({ game_date: date, game_id: `002250064${index}`, tip_at: tip, game_status: 1 })), date);
/** `06-10`: US Eastern hours of the window, `+1` on the next day. */
const hourText = (instant: EpochMs): string => {
  const minutesIn = (instant - at(0)) / minutes(1);
  return `${minutesIn >= 24 * 60 ? '+1 ' : ''}${String(Math.floor((minutesIn % (24 * 60)) / 60)).padStart(2, '0')}:${String(minutesIn % 60).padStart(2, '0')}`;
};
const called = (slate: readonly SlateGame[]) => expectedDecisions(date, slate).map(({ workflow, from, until }) => `${workflow} ${hourText(from)}-${hourText(until)}`);

describe('what a slate calls for', () => {
  it.each<[string, readonly EpochMs[], readonly string[]]>([
    ['no games', [], ['morning_operations 06:00-10:00']],
    ['one game in the evening', [at(19)], ['morning_operations 06:00-10:00', 'betting_lines 08:00-12:00', 'post_game_window_1 21:30-22:30', 'injury_discovery 06:00-10:00']],
    ['games of a whole day', [at(12), at(15), at(17), at(19, 30), at(22, 30)], [
      'morning_operations 06:00-10:00', 'betting_lines 08:00-12:00', 'post_game_window_1 21:30-22:30', 'post_game_window_2 +1 00:30-+1 01:30', 'early_game_window_1 14:30-15:30', 'early_game_window_2 17:30-18:30',
      'early_game_window_3 20:30-21:30', 'injury_discovery 06:00-10:00',
    ]],
    ['a late game', [at(22, 31)], ['morning_operations 06:00-10:00', 'betting_lines 10:31-14:31', 'post_game_window_2b +1 01:30-+1 02:30', 'injury_discovery 06:00-10:00']],
    ['a game in the morning, too early for lines', [at(9, 30)], ['morning_operations 06:00-10:00', 'early_game_window_1 14:30-15:30', 'injury_discovery 06:00-10:00']],
    ['a game at noon, with lines until it begins', [at(11)], ['morning_operations 06:00-10:00', 'betting_lines 08:00-11:00', 'early_game_window_1 14:30-15:30', 'injury_discovery 06:00-10:00']],
  ])('with %s', (_, tips, expected) => { expect(called(tipping(...tips))).toEqual(expected); });

  it('is the morning alone where all games are postponed', () => { expect(called(tipping(at(19)).map((game) => ({ ...game, status: 'postponed' as const })))).toEqual(['morning_operations 06:00-10:00']); });

  it('names no workflow whose sources are not asked, and none that runs only where something is missing', () => {
    const never: readonly WorkflowName[] = ['referee_discovery', 'bdl_catchup_midday', 'bdl_catchup_afternoon', 'bdl_catchup_evening', 'morning_recovery', 'schedule_dependency'];
    fc.assert(fc.property(fc.array(fc.integer({ min: 9 * 60, max: 23 * 60 }), { maxLength: 15 }), (tips) => {
      const expected = expectedDecisions(date, tipping(...tips.map((minute) => after(at(0), minutes(minute)))));
      expect(expected.filter(({ workflow }) => never.some((name) => name === workflow))).toEqual([]);
      // An hourly decision falls into every window, and a game of any hour is waited for by one.
      expect(expected.filter(({ from, until }) => until - from < hours(1))).toEqual([]);
      expect(expected.some(({ orCollected }) => orCollected)).toBe(tips.length > 0);
    }));
  });
});

describe('decisions beside what was expected', () => {
  const slate = tipping(at(19), at(22));
  const expected = expectedDecisions(date, slate);
  const hoursOf = (action: (workflow: string, decidedAt: EpochMs) => string, over: Partial<DecidedHour> = {}): readonly DecidedHour[] =>
    Array.from({ length: 36 }, (_, hour) => after(at(3), hours(hour))).map((decidedAt) => ({ decidedAt, decisions: workflows.map(({ name }) => ({ workflow: name, action: action(name, decidedAt) })), ...over }));
  const judge = (decided: readonly DecidedHour[], now: EpochMs, isReview = false) => checkDecisionPattern({ decided: decided.filter(({ decidedAt }) => decidedAt <= now), since: at(3), now }, { expected, isReview });

  it('are right where each was run, and not yet wrong while its window is open', () => {
    expect(judge(hoursOf(() => 'RUN'), at(12, 0, 1))).toMatchObject({ severity: 'ok', evidence: { notRun: [], late: [], expected: 5 } });
    expect(judge(hoursOf(() => 'SKIP'), at(10))).toMatchObject({ severity: 'ok', evidence: { expected: 0 } });
  });

  it.each`
    workflow                 | closes
    ${'morning_operations'}  | ${at(10)}
    ${'injury_discovery'}    | ${at(10)}
    ${'betting_lines'}       | ${at(12)}
    ${'post_game_window_1'}  | ${at(22, 30)}
    ${'post_game_window_2'}  | ${at(1, 30, 1)}
  `('are wrong as soon as the window of $workflow has closed without it', ({ workflow, closes }: { workflow: string; closes: EpochMs }) => {
    const decided = hoursOf((name) => (name === workflow ? 'SKIP' : 'RUN'));
    expect(judge(decided, closes).severity).toBe('ok');
    expect(judge(decided, after(closes, minutes(1)))).toMatchObject({ severity: 'error', evidence: { notRun: [`${workflow} of 2026-01-24, until ${isoInstant(closes)}`] } });
  });

  it('are all wrong in a night in which everything is skipped, or nothing is decided', () => {
    for (const decided of [hoursOf(() => 'SKIP'), []]) expect(judge(decided, at(2, 0, 1)).evidence['notRun']).toHaveLength(5);
  });

  it('are made up for by a later run, which a review tells of', () => {
    const late = hoursOf((name, decidedAt) => (name === 'betting_lines' && decidedAt < at(14) ? 'SKIP' : 'RUN'));
    expect(judge(late, at(13)).severity).toBe('error');
    expect(judge(late, at(14))).toMatchObject({ severity: 'ok', evidence: { notRun: [], late: [`betting_lines of 2026-01-24, until ${isoInstant(at(12))}`] } });
    expect(judge(late, at(14), true).severity).toBe('warning');
  });

  it('need no window of a night whose games are collected, which replaces no other run', () => {
    const collected = hoursOf(() => 'SKIP', { collected: [date] });
    expect(judge(collected, at(2, 0, 1)).evidence['notRun']).toHaveLength(3);
    expect(judge(hoursOf(() => 'SKIP', { collected: [addDays(date, -1)] }), at(2, 0, 1)).evidence['notRun']).toHaveLength(5);
  });

  it('are a warning where a workflow is never decided about', () => {
    expect(judge(hoursOf(() => 'RUN').map((hour) => ({ ...hour, decisions: hour.decisions.slice(0, 15) })), at(12, 0, 1))).toMatchObject({ severity: 'warning', evidence: { undecided: ['schedule_dependency'] } });
  });
});
