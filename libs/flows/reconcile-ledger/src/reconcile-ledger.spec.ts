import { openTemporary } from '@handoff/composition/temporary';
import { after, before, days, gameDate, hashOf, hours, minutes, OfficialGameId, parseInstant, PipelineError, type EpochMs, type ExpectedOutputRow } from '@handoff/contracts';
import { completionsOf, type CompletionDocument } from '@handoff/handoff-state';
import { notePulse } from '@handoff/phase-outputs';
import type { Delivery, FlowContext, FlowReport } from '@handoff/ports';
import { aBoxScore, aGame, anExpectedOutput, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reconcileLedger } from './index.ts';

const date = gameDate('2026-01-24');
const game = OfficialGameId.parse('0022500645');
const output = 'nba_raw.bdl_player_boxscores';
const dueAt = parseInstant('2026-01-25T11:30:00Z');
const cause = 'flags-and-outcomes-disagree';

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(after(dueAt, hours(1)));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  const { warehouse } = system.ports;
  await warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(aGame({ game_date: date, game_id: game, tip_at: parseInstant('2026-01-25T00:00:00Z') }))] });
  const row = anExpectedOutput({ game_date: date, output, scope: game, expected_by: dueAt, planned_at: before(dueAt, days(1)) });
  // A date that was lived through is graded.
  const graded: ExpectedOutputRow = { ...row, output: 'nba_predictions.prediction_accuracy', phase: 'phase6-grade', expected_by: after(dueAt, days(1)) };
  await warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: [row, graded] });
});
afterEach(() => system.close());

const boxScores = () => system.ports.warehouse.merge({ table: output, rows: [asLoaded(aBoxScore({ game_date: date, nba_game_id: game, player_lookup: 'lukadoncic' }))] });
async function completed(recordedAt: EpochMs): Promise<void> {
  const value: CompletionDocument = { gameDate: date, output, scope: game, contentHash: hashOf('a'), rowCount: 1, sourceVersionAt: recordedAt, recordedAt, executionId: 'run' };
  await system.ports.state.create({ collection: completionsOf({ sport: 'nba', gameDate: date, flow: 'postgame', phase: 'phase3' }), id: 'one' }, value);
}
/** Looks after `wait`, as if something had been written meanwhile. */
async function look(wait = hours(1)): Promise<FlowReport> {
  clock.advance(wait);
  await notePulse(system.ports.state);
  const context: FlowContext = { ports: system.ports, log: silentLog, correlationId: 'spec' };
  return reconcileLedger('nba', context);
}
const incidents = async () => (await system.notifier.incidents()).filter((incident) => incident.cause === cause).map(({ subject, resolvedAt }) => ({ subject, isOpen: resolvedAt === null }));

it('rows that no hand-off was told of are a finding once they have settled, resolved when it is told', async () => {
  await boxScores();
  expect(await look()).toMatchObject({ outcome: 'moved', facts: { disagreements: 0 } });
  expect(await look(minutes(30))).toMatchObject({ facts: { disagreements: 1 } });
  expect(await incidents()).toEqual([{ subject: date, isOpen: true }]);
  await completed(clock.now());
  expect(await look()).toMatchObject({ facts: { disagreements: 0 } });
  expect(await incidents()).toEqual([{ subject: date, isOpen: false }]);
});

/** What was sent to the hand-offs since the last time. */
async function announced(): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries.filter(({ subscription }) => subscription === 'phase2-raw-complete--phase2-to-phase3');
}

it('rows whose announcement was lost are announced once more, as they were when they were written, and again while that is lost too', async () => {
  await boxScores();
  await look();
  expect(await announced()).toEqual([]);
  await look(minutes(30));
  const [first, ...others] = await announced();
  expect(others).toEqual([]);
  expect(first?.message.payload).toMatchObject({ sport: 'nba', purpose: 'live', phase: 'phase2', flow: 'postgame', completions: [{ gameDate: date, output, scope: game, rowCount: 1 }] });
  await look(minutes(30));
  const [second] = await announced();
  expect(second?.message.payload).toMatchObject({ completions: (first?.message.payload as { completions: unknown }).completions });
  expect(second?.message.key).not.toBe(first?.message.key);
});

it('rows that a hand-off was told of, and a flag without rows, are announced by nobody', async () => {
  await completed(clock.now());
  await look();
  await boxScores();
  for (let round = 0; round < 3; round += 1) await look();
  expect(await announced()).toEqual([]);
});

it('a game with streamed rows is not announced while they cannot be replaced', async () => {
  await boxScores();
  const found = { sport: 'nba', purpose: 'live', gameDate: date, table: output, game, heldUntil: after(clock.now(), minutes(30)), executionId: 'run', redo: {} };
  await system.ports.state.create({ collection: 'streaming_conflicts', id: 'one' }, { ...found, isOpen: true, detectedAt: clock.now() });
  await look();
  expect(await look(minutes(30))).toMatchObject({ facts: { disagreements: 1 } });
  expect(await announced()).toEqual([]);
});

it('an announcement that cannot be sent is told of, and holds up nothing else of the look', async () => {
  await boxScores();
  await look();
  clock.advance(minutes(30));
  await notePulse(system.ports.state);
  const refusing = { ...system.ports.bus, publish: () => Promise.reject(new PipelineError({ code: 'bus-topic-missing', message: 'no topic' })) } as unknown as FlowContext['ports']['bus'];
  expect(await reconcileLedger('nba', { ports: { ...system.ports, bus: refusing }, log: silentLog, correlationId: 'spec' })).toMatchObject({ facts: { disagreements: 1 } });
  expect(await incidents()).toEqual([{ subject: date, isOpen: true }]);
  expect(await look(minutes(30))).toMatchObject({ facts: { disagreements: 1 } });
  expect(await announced()).toHaveLength(1);
});

it('a hand-off that was told of rows which are not there is a finding', async () => {
  await completed(clock.now());
  expect(await look(minutes(29))).toMatchObject({ facts: { disagreements: 0 } });
  expect(await look(minutes(1))).toMatchObject({ facts: { disagreements: 1 } });
  expect((await system.notifier.incidents()).find((incident) => incident.cause === cause)).toMatchObject({ subject: date, severity: 'error' });
});

it('where both agree there is nothing to tell', async () => {
  await boxScores();
  await completed(clock.now());
  for (let round = 0; round < 3; round += 1) expect(await look()).toMatchObject({ facts: { disagreements: 0 } });
  expect(await incidents()).toEqual([]);
});
