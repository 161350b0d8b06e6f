import { workflows, type WorkflowName } from '@handoff/catalogue';
import { before, gameDate, minutes, OfficialGameId, Tricode, type EpochMs } from '@handoff/contracts';
import { addDays, easternTime, gameDateOf, type SlateGame } from '@handoff/slate';
import { describe, expect, it } from 'vitest';
import type { ControllerFacts, ScraperRun } from './controller-facts.ts';
import { decideWorkflow } from './decide-workflow.ts';

/**
 * The table of reference section 5.3, row by row and cell by cell, as it is intended: each workflow of a kind, in each
 * situation that the table names. Where windows belong to tonight or last night, and how they count across clock changes,
 * is in rules.spec.ts.
 */
const today = gameDate('2026-01-24');
const at = (hour: number, minute = 0, days = 0): EpochMs => easternTime(addDays(today, days), hour, minute);
const game = (tipAt: EpochMs, number = 1): SlateGame => ({
  officialId: OfficialGameId.parse(`002250060${number}`), gameDate: gameDateOf(tipAt), tipAt, home: Tricode.parse('ORL'), away: Tricode.parse('MEM'), status: 'scheduled', homeScore: null, awayScore: null, movedIn: false,
});
const ran = (workflow: WorkflowName, triggeredAt: EpochMs, status = 'success', scraper = 'a'): ScraperRun => ({ workflow, scraper, gameDate: gameDateOf(triggeredAt), status, triggeredAt });

interface Situation {
  readonly now: EpochMs;
  readonly games?: readonly SlateGame[];
  /** Numbers of games with a box score; `not-known`: that could not be read. */
  readonly collected?: readonly number[] | 'not-known';
  readonly runs?: readonly ScraperRun[];
}

function decide(workflow: WorkflowName, { now, games = [], collected = [], runs = [] }: Situation): string {
  const slates = new Map([-3, -2, -1, 0, 1].map((shift) => addDays(gameDateOf(now), shift)).map((date) => [date, games.filter((one) => one.gameDate === date)]));
  const facts: ControllerFacts = { now, slates, isScheduleKnown: true, collected: collected === 'not-known' ? undefined : new Set(collected.map((number) => OfficialGameId.parse(`002250060${number}`))), runs };
  const { action, reason, alertLevel } = decideWorkflow(workflows.find(({ name }) => name === workflow)!, facts);
  return `${action} ${reason}${alertLevel === 'NONE' || alertLevel === 'INFO' ? '' : ` ${alertLevel}`}`;
}

type Row = readonly [situation: string, facts: Situation, decision: string];

describe('self_aware: morning_operations', () => {
  it.each<Row>([
    ['inside its window without a success today', { now: at(6) }, 'RUN due-today'],
    ['inside its window after a failure today', { now: at(7), runs: [ran('morning_operations', at(6), 'failed')] }, 'RUN due-today'],
    ['inside its window after a success yesterday', { now: at(6), runs: [ran('morning_operations', at(6, 0, -1))] }, 'RUN due-today'],
    ['after a success today', { now: at(7), runs: [ran('morning_operations', at(6))] }, 'SKIP done-today'],
    ['before its start', { now: at(5, 59) }, 'SKIP before-window'],
    ['after its end', { now: at(10) }, 'SKIP after-window'],
  ])('%s', (_, facts, decision) => { expect(decide('morning_operations', facts)).toBe(decision); });
});

describe('game_aware: betting_lines', () => {
  const games = [game(at(19)), game(at(22), 2)];
  it.each<Row>([
    ['games today, the first near enough, inside business hours, not run recently', { now: at(10), games }, 'RUN games-ahead'],
    ['no games', { now: at(10) }, 'SKIP no-games'],
    ['too far from the first tip-off', { now: at(8), games: [game(at(20, 1))] }, 'SKIP too-early'],
    ['near enough to the minute', { now: at(8), games: [game(at(20))] }, 'RUN games-ahead'],
    ['before business hours', { now: at(7, 59), games }, 'SKIP outside-business-hours'],
    ['after business hours', { now: at(21), games }, 'SKIP outside-business-hours'],
    ['run an hour ago', { now: at(11), games, runs: [ran('betting_lines', at(10))] }, 'SKIP ran-recently'],
    ['run two hours ago', { now: at(12), games, runs: [ran('betting_lines', at(10))] }, 'RUN games-ahead'],
  ])('%s', (_, facts, decision) => { expect(decide('betting_lines', facts)).toBe(decision); });
});

// Each with a game that was not over, or not to be had, at the window before; of those that tip off before midnight the last has none.
describe.each<[WorkflowName, hour: number, day: 0 | 1, tipHour: number, loud: string]>([
  ['post_game_window_1', 22, 0, 19, ''], ['post_game_window_2', 1, 1, 22, ''], ['post_game_window_2b', 2, 1, 23, ''], ['post_game_window_3', 4, 1, 23.5, ''], ['morning_recovery', 6, 1, 23.5, ' CRITICAL'],
])('game_aware_yesterday: %s', (workflow, hour, day, tipHour, loud) => {
  const now = at(hour, 0, day);
  const justOver = game(at(Math.floor(tipHour), (tipHour % 1) * 60));
  it.each<Row>([
    ['inside its tolerance with a final game that is not collected', { now, games: [justOver] }, `RUN final-games-not-collected${loud}`],
    ['the same at the beginning of its tolerance', { now: before(now, minutes(30)), games: [justOver] }, `RUN final-games-not-collected${loud}`],
    ['no games', { now }, 'SKIP no-games'],
    ['outside its tolerance', { now: before(now, minutes(31)), games: [justOver] }, 'SKIP outside-window'],
    ['all collected', { now, games: [justOver], collected: [1] }, 'SKIP nothing-to-collect'],
    ['what is collected is not known', { now, games: [justOver], collected: 'not-known' }, 'RUN collection-not-known'],
  ])('%s', (_, facts, decision) => { expect(decide(workflow, facts)).toBe(decision); });
});

it.each<[WorkflowName, hour: number, day: 0 | 1]>([['post_game_window_1', 22, 0], ['post_game_window_2', 1, 1], ['post_game_window_2b', 2, 1]])('game_aware_yesterday: %s waits for a game that is not over', (workflow, hour, day) => {
  const now = at(hour, 0, day);
  expect(decide(workflow, { now, games: [game(before(now, minutes(149)))] })).toBe('SKIP nothing-to-collect');
  expect(decide(workflow, { now, games: [game(before(now, minutes(150)))] })).toBe('RUN final-games-not-collected');
});

describe('game_aware_yesterday: what is missing that an earlier window should have had', () => {
  // Over for hours, so that the 22:00 window should have had them; or ended just before.
  const early = [1, 2, 3, 4, 5].map((number) => game(at(17), number));
  it.each<[WorkflowName, hour: number, collected: readonly number[], decision: string]>([
    ['post_game_window_2', 1, [2, 3, 4, 5], 'RUN final-games-not-collected'],
    ['post_game_window_2', 1, [3, 4, 5], 'RUN final-games-not-collected WARNING'],
    ['post_game_window_3', 4, [2, 3, 4, 5], 'RUN final-games-not-collected CRITICAL'],
    ['morning_recovery', 6, [2, 3, 4, 5], 'RUN final-games-not-collected CRITICAL'],
  ])('%s at %i:00 with %j of five collected: %s', (workflow, hour, collected, decision) => { expect(decide(workflow, { now: at(hour, 0, 1), games: early, collected })).toBe(decision); });
});

describe.each<[WorkflowName, hour: number]>([['early_game_window_1', 15], ['early_game_window_2', 18], ['early_game_window_3', 21]])('game_aware_early: %s', (workflow, hour) => {
  it.each<Row>([
    ['an early game past its tip-off and three hours that is not collected', { now: at(hour), games: [game(at(hour - 3))] }, 'RUN early-games-not-collected'],
    ['an early game a minute short of that', { now: at(hour), games: [game(at(hour - 3, 1))] }, 'SKIP nothing-to-collect'],
    ['one that is collected', { now: at(hour), games: [game(at(hour - 3))], collected: [1] }, 'SKIP nothing-to-collect'],
    ['no early game', { now: at(hour), games: [game(at(19))] }, 'SKIP no-early-games'],
    ['outside its tolerance', { now: at(hour, 31), games: [game(at(hour - 3))] }, 'SKIP outside-window'],
    ['what is collected is not known', { now: at(hour), games: [game(at(hour - 3))], collected: 'not-known' }, 'RUN collection-not-known'],
  ])('%s', (_, facts, decision) => { expect(decide(workflow, facts)).toBe(decision); });
});

describe('discovery: injury_discovery', () => {
  const games = [game(at(19))];
  const attempts = (count: number) => Array.from({ length: count }, (_, index) => ran('injury_discovery', at(6, index), 'no_data'));
  it.each<Row>([
    ['a game day, not found yet', { now: at(6), games }, 'RUN not-found-yet'],
    ['found for the game date of yesterday', { now: at(6), games, runs: [ran('injury_discovery', at(20, 0, -1))] }, 'RUN not-found-yet'],
    ['found today', { now: at(8), games, runs: [ran('injury_discovery', at(6))] }, 'SKIP found'],
    ['no games', { now: at(8) }, 'SKIP no-games'],
    ['an hour after a try that found nothing', { now: at(7), games, runs: attempts(1) }, 'SKIP ran-recently'],
    ['two hours after a try that found nothing', { now: at(8), games, runs: attempts(1) }, 'RUN not-found-yet'],
    ['after twelve tries', { now: at(12), games, runs: attempts(12) }, 'SKIP attempts-used-up WARNING'],
  ])('%s', (_, facts, decision) => { expect(decide('injury_discovery', facts)).toBe(decision); });

  it('referee_discovery rests: nobody asks its source', () => { expect(decide('referee_discovery', { now: at(8), games })).toBe('SKIP source-not-enabled'); });
});

describe.each<[WorkflowName, hour: number]>([['bdl_catchup_midday', 10], ['bdl_catchup_afternoon', 14], ['bdl_catchup_evening', 18]])('bdl_catchup: %s', (workflow, hour) => {
  const past = (...shifts: readonly number[]) => shifts.map((shift, index) => game(at(19, 0, shift), index + 1));
  it.each<Row>([
    ['a final game of three days without a box score', { now: at(hour), games: past(-3) }, 'RUN final-games-not-collected'],
    ['a final game of four days ago', { now: at(hour), games: past(-4) }, 'SKIP nothing-to-collect'],
    ['none', { now: at(hour), games: past(-1), collected: [1] }, 'SKIP nothing-to-collect'],
    ['four missing', { now: at(hour), games: past(-1, -1, -2, -3) }, 'RUN final-games-not-collected'],
    ['five missing', { now: at(hour), games: past(-1, -1, -2, -3, -3) }, 'RUN final-games-not-collected WARNING'],
    ['what is collected is not known', { now: at(hour), games: past(-1), collected: 'not-known' }, 'ABORT collection-not-known CRITICAL'],
    ['at another hour', { now: at(hour + 1), games: past(-1) }, 'SKIP outside-window'],
  ])('%s', (_, facts, decision) => { expect(decide(workflow, facts)).toBe(decision); });
});

describe('synthetic: schedule_dependency', () => {
  const fetched = (span: number) => [ran('morning_operations', before(at(12), minutes(span)), 'success', 'nbac_schedule_api')];
  it.each<Row>([
    ['a schedule of six hours ago', { now: at(12), runs: fetched(360) }, 'RUN schedule-stale'],
    ['a schedule of less', { now: at(12), runs: fetched(359) }, 'SKIP schedule-fresh'],
    ['none', { now: at(12) }, 'RUN schedule-stale'],
  ])('%s', (_, facts, decision) => { expect(decide('schedule_dependency', facts)).toBe(decision); });
});
