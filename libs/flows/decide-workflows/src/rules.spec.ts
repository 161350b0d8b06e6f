import { workflows, type Workflow, type WorkflowName } from '@handoff/catalogue';
import { after, gameDate, hours, milliseconds, minutes, OfficialGameId, Tricode, type EpochMs } from '@handoff/contracts';
import { addDays, easternTime, gameDateOf, type SlateGame } from '@handoff/slate';
import { describe, expect, it } from 'vitest';
import type { ControllerFacts, ScraperRun } from './controller-facts.ts';
import { decideWorkflow } from './decide-workflow.ts';
import { applyRule } from './rules.ts';

const today = gameDate('2026-01-24');
const named = (name: WorkflowName): Workflow => workflows.find((workflow) => workflow.name === name)!;
const game = (tipAt: EpochMs, number = 1, over: Partial<SlateGame> = {}): SlateGame => ({
  officialId: OfficialGameId.parse(`002250060${number}`), gameDate: gameDateOf(tipAt), tipAt, home: Tricode.parse('ORL'), away: Tricode.parse('MEM'), status: 'scheduled', homeScore: null,
  awayScore: null, movedIn: false, ...over,
});
const tipping = (...etHours: number[]): SlateGame[] => etHours.map((hour, index) => game(easternTime(today, hour, 0), index + 1));
const facts = (now: EpochMs, over: Partial<ControllerFacts> & { readonly games?: readonly SlateGame[] } = {}): ControllerFacts => {
  const slates = new Map([-3, -2, -1, 0, 1].map((shift) => addDays(today, shift)).map((date) => [date, (over.games ?? []).filter((one) => one.gameDate === date)]));
  return { now, slates, isScheduleKnown: true, collected: new Set(), runs: [], ...over };
};
const at = (hour: number, minute = 0, shift = 0): EpochMs => easternTime(addDays(today, shift), hour, minute);
const aRun = (workflow: string, triggeredAt: EpochMs, over: Partial<ScraperRun> = {}): ScraperRun => ({ workflow, scraper: 'bdl_injuries', gameDate: today, status: 'success', triggeredAt, ...over });

describe('windows at both clock changes', () => {
  const windowed = workflows.filter(({ rule }) => 'hour' in rule);

  it.each(['2026-03-08', '2025-11-02', '2026-01-24'])('around %s every window is open at exactly one hourly evaluation a day', (change) => {
    const [from, until] = [easternTime(addDays(gameDate(change), -2), 12, 0), easternTime(addDays(gameDate(change), 2), 12, 0)];
    const hourly = Array.from({ length: (until - from) / hours(1) }, (_, index) => after(from, hours(index)));
    for (const workflow of windowed) {
      const open = hourly.filter((now) => applyRule(workflow, facts(now)).reason !== 'outside-window');
      expect({ workflow: workflow.name, open: open.length }).toEqual({ workflow: workflow.name, open: 4 });
      expect(new Set(open.map(gameDateOf)).size).toBe(4);
    }
  });

  it.each`
    minute | shiftMs | isOpen
    ${30}  | ${-1}   | ${false}
    ${30}  | ${0}    | ${true}
    ${90}  | ${0}    | ${true}
    ${90}  | ${1}    | ${false}
  `('a window at 06:00 asked $minute minutes after 05:00 and $shiftMs ms: open $isOpen', ({ minute, shiftMs, isOpen }: { minute: number; shiftMs: number; isOpen: boolean }) => {
    const now = after(after(at(5), minutes(minute)), milliseconds(shiftMs));
    expect(applyRule(named('morning_recovery'), facts(now)).reason !== 'outside-window').toBe(isOpen);
  });
});

describe('the windows of a night', () => {
  it.each`
    workflow                 | hour  | shift | date
    ${'post_game_window_1'}  | ${22} | ${0}  | ${'2026-01-24'}
    ${'post_game_window_2'}  | ${1}  | ${1}  | ${'2026-01-24'}
    ${'post_game_window_2b'} | ${2}  | ${1}  | ${'2026-01-24'}
    ${'post_game_window_3'}  | ${4}  | ${1}  | ${'2026-01-24'}
    ${'morning_recovery'}    | ${6}  | ${1}  | ${'2026-01-24'}
  `('$workflow belongs to the slate of the evening', ({ workflow, hour, shift, date }: { workflow: WorkflowName; hour: number; shift: number; date: string }) => {
    const slates = new Map([[today, tipping(13)]]);
    expect(applyRule(named(workflow), facts(at(hour, 0, shift), { slates }))).toMatchObject({ action: 'RUN', from: date, until: date });
  });

  it.each`
    tipHours            | workflow                 | hour | level         | why
    ${[19, 20, 21, 22]} | ${'post_game_window_2'}  | ${1} | ${'WARNING'}  | ${'the 22:00 window should have had a quarter of the slate'}
    ${[20, 20, 21, 22]} | ${'post_game_window_2'}  | ${1} | ${'INFO'}     | ${'all ended since the window before'}
    ${[20, 20, 21, 22]} | ${'post_game_window_2b'} | ${2} | ${'WARNING'}  | ${'the 01:00 window should have had all'}
    ${[20, 20, 21, 22]} | ${'post_game_window_3'}  | ${4} | ${'CRITICAL'} | ${'one late game is enough in the last windows'}
    ${[20, 20, 21, 22]} | ${'morning_recovery'}    | ${6} | ${'CRITICAL'} | ${'one late game is enough in the last windows'}
  `('$workflow with games at $tipHours uncollected: $level, since $why', ({ tipHours, workflow, hour, level }: { tipHours: number[]; workflow: WorkflowName; hour: number; level: string }) => {
    const slates = new Map([[today, tipping(...tipHours)]]);
    expect(applyRule(named(workflow), facts(at(hour, 0, 1), { slates })).alertLevel).toBe(level);
  });

  it('a game that ended since the window before is not late, even in the last windows', () => {
    const slates = new Map([[today, [game(at(23, 30), 1)]]]);
    expect(applyRule(named('post_game_window_3'), facts(at(4, 0, 1), { slates }))).toMatchObject({ action: 'RUN', alertLevel: 'INFO' });
  });

  it('a fifth of the slate late is not yet a warning at 01:00', () => {
    const slates = new Map([[today, tipping(13, 22, 22, 22, 22)]]);
    expect(applyRule(named('post_game_window_2'), facts(at(1, 0, 1), { slates })).alertLevel).toBe('INFO');
  });

  it('a postponed game and a collected one are not missing; a game that is not over is not either', () => {
    const slates = new Map([[today, [game(at(13), 1, { status: 'postponed' }), game(at(13), 2), game(at(20), 3)]]]);
    const collected = new Set([OfficialGameId.parse('0022500602')]);
    expect(applyRule(named('post_game_window_1'), facts(at(22), { slates, collected }))).toMatchObject({ action: 'SKIP', reason: 'nothing-to-collect' });
  });

  it.each`
    tipHour | hour  | level
    ${13}   | ${18} | ${'NONE'}
    ${12}   | ${18} | ${'WARNING'}
    ${18}   | ${21} | ${'none, evening games are not early'}
  `('an early game at $tipHour:00 uncollected at $hour:00: $level', ({ tipHour, hour, level }: { tipHour: number; hour: number; level: string }) => {
    const ruling = applyRule(named(hour === 18 ? 'early_game_window_2' : 'early_game_window_3'), facts(at(hour), { games: tipping(tipHour === 18 ? 19 : tipHour) }));
    if (tipHour === 18) expect(ruling).toMatchObject({ action: 'SKIP', reason: 'no-early-games' });
    else expect(ruling).toMatchObject({ action: 'RUN', alertLevel: level });
  });
});

describe('catching up', () => {
  const past = (shifts: number[]) => new Map(shifts.map((shift) => [addDays(today, shift), [game(at(19, 0, shift), Math.abs(shift))]]));

  it.each`
    shifts          | reason                         | from            | until
    ${[-1]}         | ${'final-games-not-collected'} | ${'2026-01-23'} | ${'2026-01-23'}
    ${[-3, -1]}     | ${'final-games-not-collected'} | ${'2026-01-21'} | ${'2026-01-23'}
    ${[-4]}         | ${'nothing-to-collect'}        | ${'2026-01-24'} | ${'2026-01-24'}
  `('games missing $shifts days back: $reason, from $from until $until', ({ shifts, reason, from, until }: { shifts: number[]; reason: string; from: string; until: string }) => {
    expect(applyRule(named('bdl_catchup_midday'), facts(at(10), { slates: past(shifts) }))).toMatchObject({ reason, from, until });
  });

  it.each([[4, 'INFO'], [5, 'WARNING']])('%s missing games: %s', (count, level) => {
    const slates = new Map([[addDays(today, -1), Array.from({ length: count }, (_, index) => game(at(19, 0, -1), index + 1))]]);
    expect(applyRule(named('bdl_catchup_midday'), facts(at(10), { slates })).alertLevel).toBe(level);
  });
});

describe('lines before games', () => {
  it.each`
    tipHour | hour  | minute | reason
    ${22}   | ${9}  | ${59}  | ${'too-early'}
    ${22}   | ${10} | ${0}   | ${'games-ahead'}
    ${12}   | ${7}  | ${59}  | ${'outside-business-hours'}
    ${22}   | ${20} | ${59}  | ${'games-ahead'}
    ${22}   | ${21} | ${0}   | ${'outside-business-hours'}
    ${13}   | ${12} | ${59}  | ${'games-ahead'}
    ${13}   | ${13} | ${0}   | ${'all-games-started'}
  `('with a tip-off at $tipHour:00, asked at $hour:$minute: $reason', ({ tipHour, hour, minute, reason }: { tipHour: number; hour: number; minute: number; reason: string }) => {
    expect(applyRule(named('betting_lines'), facts(at(hour, minute), { games: tipping(tipHour) })).reason).toBe(reason);
  });

  it.each([[114, 'ran-recently'], [115, 'games-ahead'], [120, 'games-ahead']])('%s minutes after the last run: %s', (minute, reason) => {
    const runs = [aRun('betting_lines', at(10))];
    expect(applyRule(named('betting_lines'), facts(after(at(10), minutes(minute)), { games: tipping(19), runs })).reason).toBe(reason);
  });
});

describe('discovery', () => {
  const attempts = (count: number, status = 'no_data') => Array.from({ length: count }, (_, index) => aRun('injury_discovery', at(6, index), { status }));

  it.each<readonly [what: string, runs: readonly ScraperRun[], reason: string, level: string]>([
    ['nothing tried', [], 'not-found-yet', 'NONE'],
    ['found', attempts(1, 'success'), 'found', 'NONE'],
    ['found for yesterday', [aRun('injury_discovery', at(6), { gameDate: '2026-01-23' })], 'not-found-yet', 'NONE'],
    ['tried within two hours', [aRun('injury_discovery', at(11), { status: 'no_data' })], 'ran-recently', 'NONE'],
    ['tried eleven times', attempts(11), 'not-found-yet', 'NONE'],
    ['tried twelve times', attempts(12), 'attempts-used-up', 'WARNING'],
  ])('with %s', (_what, runs, reason, alertLevel) => {
    expect(applyRule(named('injury_discovery'), facts(at(12), { games: tipping(19), runs }))).toMatchObject({ reason, alertLevel });
  });

  /** The hours of a day in which every attempt comes back with `status`, each as its decision and level. */
  function liveDay(tipHour: number, statusAt: (hour: number) => string, date = today, earlier: readonly ScraperRun[] = []): readonly string[] {
    const runs: ScraperRun[] = [...earlier];
    const games = [game(easternTime(date, tipHour, 30))];
    return Array.from({ length: 24 }, (_, hour) => {
      const now = easternTime(date, hour, 0);
      const { action, reason, alertLevel } = applyRule(named('injury_discovery'), facts(now, { slates: new Map([[date, games]]), runs: [...runs] }));
      if (action === 'RUN') runs.push(aRun('injury_discovery', now, { gameDate: date, status: statusAt(hour) }));
      return `${hour} ${action} ${reason} ${alertLevel}`;
    });
  }

  const warned = (day: readonly string[]) => day.filter((hour) => hour.endsWith('WARNING'));

  it.each`
    date            | tipHour | first
    ${'2026-01-24'} | ${12}   | ${'13 SKIP ran-recently WARNING'}
    ${'2026-01-24'} | ${19}   | ${'20 RUN not-found-by-tip-off WARNING'}
    ${'2026-01-24'} | ${23}   | ${'23 SKIP attempts-used-up WARNING'}
    ${'2026-03-08'} | ${19}   | ${'20 RUN not-found-by-tip-off WARNING'}
    ${'2025-11-02'} | ${23}   | ${'23 SKIP attempts-used-up WARNING'}
  `('that finds nothing on $date, with a first tip-off at half past $tipHour, is told of from: $first', ({ date, tipHour, first }: { date: string; tipHour: number; first: string }) => {
    const yesterday = addDays(gameDate(date), -1);
    const day = liveDay(tipHour, () => 'no_data', gameDate(date), [aRun('injury_discovery', easternTime(yesterday, 12, 0), { gameDate: yesterday })]);
    expect(liveDay(tipHour, () => 'failed', gameDate(date))).toEqual(day);
    expect(warned(day)[0]).toBe(first);
    expect(warned(day)).toEqual(day.slice(day.indexOf(first)));
    expect(day.filter((hour) => hour.includes('RUN')).map((hour) => Number.parseInt(hour, 10))).toEqual([6, 8, 10, 12, 14, 16, 18, 20, 22]);
  });

  it('whose source answers and has had nothing for two days is no news', () => {
    expect(warned(liveDay(19, () => 'no_data'))).toEqual([]);
  });

  it('that finds something at its second attempt is told of by nobody', () => {
    expect(warned(liveDay(19, (hour) => (hour < 8 ? 'no_data' : 'success')))).toEqual([]);
  });
});

describe('what is not known', () => {
  it.each`
    workflow                 | hour
    ${'betting_lines'}       | ${12}
    ${'injury_discovery'}    | ${12}
    ${'post_game_window_1'}  | ${22}
    ${'morning_recovery'}    | ${6}
    ${'early_game_window_2'} | ${18}
    ${'bdl_catchup_midday'}  | ${10}
  `('without a schedule $workflow is aborted, not skipped', ({ workflow, hour }: { workflow: WorkflowName; hour: number }) => {
    expect(decideWorkflow(named(workflow), facts(at(hour), { isScheduleKnown: false }))).toMatchObject({ action: 'ABORT', reason: 'schedule-not-known', alertLevel: 'CRITICAL', scrapers: [] });
    expect(decideWorkflow(named(workflow), facts(at(hour)))).toMatchObject({ action: 'SKIP' });
  });

  it('without a schedule the schedule is fetched, and what does not rest on it goes on', () => {
    expect(decideWorkflow(named('schedule_dependency'), facts(at(7), { isScheduleKnown: false }))).toMatchObject({ action: 'RUN', reason: 'schedule-stale' });
    expect(decideWorkflow(named('morning_operations'), facts(at(7), { isScheduleKnown: false }))).toMatchObject({ action: 'RUN' });
  });

  it('a workflow without an enabled source is skipped for that reason, whatever else is known', () => {
    for (const isScheduleKnown of [true, false]) expect(decideWorkflow(named('referee_discovery'), facts(at(12), { isScheduleKnown }))).toMatchObject({ action: 'SKIP', reason: 'source-not-enabled', alertLevel: 'NONE' });
  });

  it.each([[359, 'schedule-fresh'], [360, 'schedule-stale']])('a schedule of %s minutes ago: %s', (minute, reason) => {
    const runs = [aRun('morning_operations', at(6), { scraper: 'nbac_schedule_api' })];
    expect(applyRule(named('schedule_dependency'), facts(after(at(6), minutes(minute)), { runs })).reason).toBe(reason);
  });
});
