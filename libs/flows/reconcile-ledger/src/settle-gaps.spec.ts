import { openTemporary } from '@handoff/composition/temporary';
import { after, gameDate, GapsDetected, hours, minutes, OfficialGameId, parseInstant, type EpochMs, type ExpectedOutputRow } from '@handoff/contracts';
import { allGaps } from '@handoff/gap-ledger';
import { completionsOf } from '@handoff/handoff-state';
import { publishPending } from '@handoff/outbox';
import { notePulse } from '@handoff/phase-outputs';
import { guarded, type Delivery, type FlowContext, type Ports } from '@handoff/ports';
import { projectSlates } from '@handoff/read-models';
import { aBoxScore, aGame, anExpectedOutput, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reconcileLedger } from './reconcile-ledger.ts';

const date = gameDate('2026-01-24');
const [first, second] = [OfficialGameId.parse('0022500645'), OfficialGameId.parse('0022500646')];
const box = 'nba_raw.bdl_player_boxscores';
const dueAt = parseInstant('2026-01-25T11:30:00Z');

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(after(dueAt, minutes(30)));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [first, second].map((game) => asLoaded(aGame({ game_date: date, game_id: game, tip_at: parseInstant('2026-01-25T00:00:00Z') }))) });
  await projectSlates(system.ports, date);
  await expectRows([first, second].map((game) => expected(game)));
});
afterEach(() => system.close());

const expected = (scope: string, over: Partial<ExpectedOutputRow> = {}): ExpectedOutputRow => anExpectedOutput({ scope, ...over });
const expectRows = (rows: readonly ExpectedOutputRow[]) => system.ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows });
const boxScoresOf = (game: string) => system.ports.warehouse.merge({ table: box, rows: [asLoaded(aBoxScore({ game_date: date, game_id: `20260124_${game}`, nba_game_id: game, player_lookup: 'lukadoncic' }))] });
const context = (): FlowContext => ({ ports: system.ports, log: silentLog, correlationId: 'spec' });

async function look(wait = minutes(0), cut: Partial<Ports> = {}) {
  clock.advance(wait);
  await notePulse(system.ports.state);
  return reconcileLedger('nba', { ...context(), ports: { ...system.ports, ...cut } });
}
const gaps = () => allGaps(system.ports.state);
const openIncidents = async () => (await system.notifier.incidents()).filter(({ cause, resolvedAt }) => cause === 'gap-open' && resolvedAt === null).map(({ severity, subject }) => [severity, subject]);
async function announced(): Promise<readonly Delivery[]> {
  await publishPending(system.ports, 1_000);
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries;
}

it('what is not there when it is due is a gap, told to self-heal once for each look that finds it due', async () => {
  await boxScoresOf(second);
  expect(await look()).toMatchObject({ facts: { gapsOpened: 1, gapsOpen: 1 } });
  expect(await gaps()).toMatchObject([{ subject: box, status: 'open', missing: [`${box}|${first}`] }]);
  const told = (await announced()).filter(({ subscription }) => subscription === 'gaps-detected--self-heal').map(({ message }) => GapsDetected.parse(message.payload));
  expect(told).toMatchObject([{ sport: 'nba', gaps: [`${date}|postgame|${box}`] }]);
});

it('a gap is closed by rows that were seen, and its history is a log', async () => {
  await boxScoresOf(second);
  await look();
  await boxScoresOf(first);
  expect(await look(minutes(30))).toMatchObject({ facts: { gapsEnded: 1, gapsOpen: 0 } });
  expect(await gaps()).toMatchObject([{ status: 'closed', resolution: 'rows seen: 1' }]);
});

it('rows that somebody deleted a hundred days later are missed the next morning, and theirs alone', async () => {
  const long = gameDate('2025-10-22');
  const old = OfficialGameId.parse('0022500010');
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(aGame({ game_date: long, game_id: old, tip_at: parseInstant('2025-10-23T00:00:00Z') }))] });
  await projectSlates(system.ports, long);
  await boxScoresOf(first);
  await boxScoresOf(second);
  await expectRows([expected(old, { game_date: long, state: 'COMPLETE', reason: 'rows-seen', row_count: 20, expected_by: parseInstant('2025-10-23T11:30:00Z') })]);
  expect(await look()).toMatchObject({ facts: { changed: 1, gapsOpened: 1 } });
  expect((await gaps()).map(({ gameDate: of, missing }) => [of, missing])).toEqual([[long, [`${box}|${old}`]]]);
  expect(await look(minutes(30))).toMatchObject({ facts: { changed: 0, gapsOpened: 0 } });
});

describe('players who were deleted from a box score', () => {
  const players = (count: number) => system.ports.warehouse.merge({ table: box, rows: Array.from({ length: count }, (_, index) => asLoaded(aBoxScore({ game_date: date, game_id: `20260124_${first}`, nba_game_id: first, player_lookup: `player${index}` }))) });
  const told = (rowCount: number, recordedAt: EpochMs) => system.ports.state.create({ collection: completionsOf({ sport: 'nba', gameDate: date, flow: 'postgame', phase: 'phase3' }), id: `told-${rowCount}` }, {
    gameDate: date, output: box, scope: first, contentHash: 'a', rowCount, sourceVersionAt: recordedAt, recordedAt, executionId: 'run',
  });
  const onDate = async () => (await gaps()).filter(({ gameDate: of }) => of === date).map(({ status, missing, resolution }) => [status, missing, resolution]);
  beforeEach(async () => {
    await boxScoresOf(second);
    await expectRows([expected(first, { state: 'COMPLETE', reason: 'rows-seen', row_count: 3, observed_at: dueAt })]);
    await players(2);
  });

  it('are missed the next morning, until all are there again', async () => {
    expect(await look()).toMatchObject({ facts: { changed: 1, gapsOpened: 1 } });
    expect(await onDate()).toEqual([['open', [`${box}|${first}`], null]]);
    await look(minutes(30));
    expect(await onDate()).toMatchObject([['open', [`${box}|${first}`], null]]);
    await players(3);
    await look(minutes(30));
    expect(await onDate()).toEqual([['closed', [`${box}|${first}`], 'rows seen: 3']]);
  });

  it('by a run that has told so are not missed', async () => {
    await told(3, dueAt);
    await told(2, after(dueAt, minutes(10)));
    expect(await look()).toMatchObject({ facts: { changed: 1, gapsOpened: 0 } });
    expect(await onDate()).toEqual([]);
  });
});

it('what stood in for another and was deleted is missed of the one that it stood in for', async () => {
  const standIn = 'nba_raw.nbac_player_boxscores';
  const old = gameDate('2025-10-22');
  await boxScoresOf(first);
  await boxScoresOf(second);
  const asOf = { game_date: old, expected_by: parseInstant('2025-10-23T11:30:00Z') };
  await expectRows([expected(first, { ...asOf, state: 'EMPTY_OK', reason: 'alternative-source-has-it' }), expected(first, { ...asOf, output: standIn, state: 'COMPLETE', reason: 'rows-seen', row_count: 20 })]);
  await look();
  expect((await gaps()).map(({ gameDate: of, missing }) => [of, missing])).toEqual([[old, [`${box}|${first}`]]]);
});

it('a gap that stays open is told of by its age, louder each time, as one incident that ends with it', async () => {
  await boxScoresOf(second);
  await look();
  expect(await openIncidents()).toEqual([]);
  await look(hours(6));
  expect(await openIncidents()).toEqual([['warning', `${date}|postgame|${box}`]]);
  await look(hours(18));
  await look(hours(48));
  expect(await openIncidents()).toEqual([['critical', `${date}|postgame|${box}`]]);
  await boxScoresOf(first);
  await look(minutes(30));
  expect(await openIncidents()).toEqual([]);
});

it.each(['when people are told', 'when it is written'])('a gap that ends is told of as over, although a look was cut off %s', async (moment) => {
  await boxScoresOf(second);
  await look();
  await look(hours(6));
  await boxScoresOf(first);
  const kill = (): never => { throw new Error('killed'); };
  const isOfGaps = (call: readonly unknown[]): boolean => JSON.stringify(call).includes('"closed"');
  const cut = moment === 'when it is written'
    ? { state: guarded(system.ports.state, ['batch'], (_, call) => { if (isOfGaps(call)) kill(); }) }
    : { notifier: guarded(system.ports.notifier, ['resolve'], (_, [cause]) => { if (cause === 'gap-open') kill(); }) };
  await expect(look(minutes(30), cut)).rejects.toThrow('killed');
  await look(minutes(30));
  expect(await gaps()).toMatchObject([{ status: 'closed' }]);
  expect(await openIncidents()).toEqual([]);
});

it('a postponed game is in no gap, and one that is postponed later leaves its gap', async () => {
  await boxScoresOf(second);
  await look();
  await expectRows([expected(first, { state: 'EMPTY_OK', reason: 'game-postponed' })]);
  await look(minutes(30));
  expect(await gaps()).toMatchObject([{ status: 'void', resolution: 'not expected any more: game-postponed' }]);
});
