import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, parseInstant } from '@handoff/contracts';
import { expectedDecisionsRef, readExpectedDecisions, type ExpectedDecisionsDocument } from '@handoff/decision-state';
import { projectSlates } from '@handoff/read-models';
import { addDays } from '@handoff/slate';
import { aGame, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { planDecisions } from './plan-decisions.ts';

const today = gameDate('2026-01-24');
const tomorrow = addDays(today, 1);
/** 03:00 ET. */
const atNight = parseInstant('2026-01-24T08:00:00Z');

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(atNight);
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  await schedule();
});
afterEach(() => system.close());

/** One game an evening, today's at a tip-off of its own. */
async function schedule(tip = '2026-01-25T00:00:00Z', isPostponed = false): Promise<void> {
  const games = [aGame({ game_date: today, game_id: '0022500641', tip_at: parseInstant(tip), game_status: 1, is_postponed: isPostponed }), aGame({ game_date: tomorrow, game_id: '0022500642', tip_at: parseInstant('2026-01-26T00:00:00Z'), game_status: 1 })];
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: games.map(asLoaded) });
  for (const date of [today, tomorrow]) await projectSlates(system.ports, date);
}
const expectedOn = async (date = today) => (await readExpectedDecisions(system.ports.state, 'nba', [date])).map(({ workflow }) => workflow);
const evening = ['morning_operations', 'betting_lines', 'post_game_window_1', 'injury_discovery'];

it('what today and tomorrow call for is written ahead, and again only where the schedule has changed it', async () => {
  await planDecisions('nba', system.ports);
  expect([await expectedOn(), await expectedOn(tomorrow)]).toEqual([evening, evening]);
  const version = async () => (await system.ports.state.get<ExpectedDecisionsDocument>(expectedDecisionsRef('nba', today)))?.version;
  const before = await version();
  await planDecisions('nba', system.ports);
  expect(await version()).toBe(before);
});

it('a game that begins later is waited for by another window, a postponed one by none', async () => {
  await planDecisions('nba', system.ports);
  clock.moveTo(parseInstant('2026-01-24T17:00:00Z'));
  await schedule('2026-01-25T03:00:00Z');
  await planDecisions('nba', system.ports);
  expect(await expectedOn()).toEqual(['morning_operations', 'betting_lines', 'post_game_window_2', 'injury_discovery']);
  await schedule('2026-01-25T03:00:00Z', true);
  await planDecisions('nba', system.ports);
  expect(await expectedOn()).toEqual(['morning_operations']);
});

it('what nobody expected before its window opened is not expected afterwards, on the first day and of a game that moves in', async () => {
  clock.moveTo(parseInstant('2026-01-24T17:00:00Z'));
  await planDecisions('nba', system.ports);
  expect([await expectedOn(), await expectedOn(addDays(today, -1)), await expectedOn(tomorrow)]).toEqual([['post_game_window_1'], [], evening]);
});
