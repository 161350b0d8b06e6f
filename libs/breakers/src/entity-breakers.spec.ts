import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CircuitBreakerConfig, tableNamed } from '@handoff/catalogue';
import { after, gameDate, hours, minutes, PipelineError, rowOfWire, type GameDate, type ReprocessAttemptRow } from '@handoff/contracts';
import { IncidentNotifier } from '@handoff/notifier-state';
import type { MessageBus, OutgoingMessage } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EntityBreakers, listBreakers, resetBreakers, selectBreakers, type EntityRun, type FoundEntity } from './index.ts';

const date = gameDate('2026-01-24');
const table = 'nba_predictions.ml_feature_store_v2';

let folder: string;
let environment: EmbeddedEnvironment;
let state: EmbeddedStateStore;
let notifier: IncidentNotifier;
let clock: ManualClock;
let rows: ReprocessAttemptRow[];
let bus: MessageBus;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-entities-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
  notifier = new IncidentNotifier({ state });
  clock = new ManualClock();
  rows = [];
  bus = { publish: (_topic: string, { payload }: OutgoingMessage) => {
    rows.push(rowOfWire(tableNamed('nba_orchestration.reprocess_attempt_log'), payload) as ReprocessAttemptRow);
    return Promise.resolve({ messageId: 'm' });
  } };
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const ports = () => ({ state, notifier, clock, bus, log: silentLog });
const entities = (config: Partial<CircuitBreakerConfig> = {}): EntityBreakers => new EntityBreakers(ports(), CircuitBreakerConfig.parse(config));
const run = (revision: number, on: GameDate = date): EntityRun => ({ processor: table, date: on, runId: `${on}_r${revision}`, correlationId: 'chain' });
const short = (entity: string, completenessPct = 60): FoundEntity => ({ entity, completenessPct, lacks: 'history-incomplete' });
const whole = (entity: string): FoundEntity => ({ entity, completenessPct: 100 });
const incidents = async () => (await notifier.incidents()).map(({ subject, resolvedAt }) => [subject, resolvedAt === null ? 'open' : 'ended']);

/** Revisions 1 to `count`, in each of which these entities lack something. */
async function attempt(count: number, names: readonly string[] = ['franzwagner']): Promise<void> {
  for (let revision = 1; revision <= count; revision += 1) {
    clock.advance(minutes(1));
    await entities().judge(run(revision), names.map((name) => short(name)));
  }
}

describe('an entity that lacks something', () => {
  it('is left out with its reason, and the attempt is a row', async () => {
    expect(await entities().judge(run(1), [short('franzwagner', 55.6), whole('paolobanchero')])).toEqual([{ entity: 'franzwagner', reason: 'history-incomplete' }]);
    expect(rows).toMatchObject([{
      processor_name: table, entity_id: 'franzwagner', analysis_date: date, attempt_number: 1, attempted_at: clock.now(), completeness_pct: 55.6, skip_reason: 'history-incomplete',
      circuit_breaker_tripped: false, circuit_breaker_until: null, manual_override_applied: false,
    }]);
  });

  it('is attempted once by a run, however often the run is repeated', async () => {
    for (let time = 0; time < 7; time += 1) expect(await entities().judge(run(1), [short('franzwagner')])).toHaveLength(1);
    expect(rows).toHaveLength(1);
    expect(await listBreakers(state)).toMatchObject([{ failures: 1, state: 'closed' }]);
  });

  it('is locked out for 24 hours by the fifth attempt, and attempted no more until then', async () => {
    await attempt(7);
    expect(rows.map((row) => [row.attempt_number, row.circuit_breaker_tripped])).toEqual([[1, false], [2, false], [3, false], [4, false], [5, true]]);
    expect(rows.at(-1)?.circuit_breaker_until).toBe(after(rows.at(-1)?.attempted_at ?? clock.now(), hours(24)));
    clock.moveTo(rows.at(-1)?.circuit_breaker_until ?? clock.now());
    await entities().judge(run(8), [short('franzwagner')]);
    expect(rows.at(-1)).toMatchObject({ attempt_number: 6, circuit_breaker_tripped: true, circuit_breaker_until: after(clock.now(), hours(24)) });
  });

  it('is one incident with all others of its processor and date', async () => {
    await attempt(5, ['franzwagner', 'paolobanchero', 'jalensuggs']);
    expect(await incidents()).toEqual([[`entities of ${table} on ${date}`, 'open']]);
  });

  it('holds up nothing when its attempts cannot be published: they wait in the outbox of the history', async () => {
    bus = { publish: () => Promise.reject(new PipelineError({ code: 'bus-unavailable', disposition: 'retry', message: 'no bus' })) };
    expect(await entities().judge(run(1), [short('franzwagner')])).toHaveLength(1);
    expect(await state.query({ collection: 'history_outbox' })).toHaveLength(1);
  });
});

describe('data that arrives', () => {
  it('clears what counts against its entities, on every date, and says so in their last attempts', async () => {
    await attempt(5, ['franzwagner', 'paolobanchero']);
    await entities().judge(run(1, gameDate('2026-01-26')), [short('franzwagner')]);
    rows.length = 0;
    clock.advance(minutes(1));
    expect(await entities().resetForData(new Set(['franzwagner', 'nobodyatall']), 'box scores of 2026-01-23 have arrived', 'chain')).toBe(2);
    expect(rows.map((row) => [row.entity_id, row.analysis_date, row.attempt_number, row.circuit_breaker_tripped, row.circuit_breaker_until, row.notes, row.manual_override_applied])).toEqual([
      ['franzwagner', '2026-01-24', 5, false, null, 'box scores of 2026-01-23 have arrived', false], ['franzwagner', '2026-01-26', 1, false, null, 'box scores of 2026-01-23 have arrived', false],
    ]);
    expect(await incidents()).toMatchObject([[expect.anything(), 'open']]);
    expect(await entities().resetForData(new Set(['franzwagner', 'paolobanchero']), 'the rest', 'chain')).toBe(1);
    expect(await incidents()).toMatchObject([[expect.anything(), 'ended']]);
  });

  it('is noticed by the run itself: an entity that lacks nothing any more is made, and its count begins again', async () => {
    await attempt(5);
    expect(await entities().judge(run(6), [whole('franzwagner')])).toEqual([]);
    await entities().judge(run(7), [short('franzwagner')]);
    expect(rows.at(-1)).toMatchObject({ attempt_number: 6, circuit_breaker_tripped: false });
  });

  it('clears nothing where the configuration says so: a lockout then lasts to its end', async () => {
    const config = { auto_reset_on_data: false };
    await attempt(5);
    expect(await entities(config).resetForData(new Set(['franzwagner']), 'arrived', 'chain')).toBe(0);
    expect(await entities(config).judge(run(6), [whole('franzwagner')])).toEqual([{ entity: 'franzwagner', reason: 'locked-out' }]);
    clock.advance(hours(24));
    expect(await entities(config).judge(run(7), [whole('franzwagner')])).toEqual([]);
    expect(await listBreakers(state)).toMatchObject([{ state: 'closed', failures: 0 }]);
  });
});

describe('a date that has passed', () => {
  const later = gameDate('2026-01-25');

  it('ends what counted on it with the next run, and a lockout when it is over, with its incident', async () => {
    await attempt(5);
    await attempt(2, ['jalensuggs']);
    clock.advance(minutes(1));
    await entities().judge(run(1, later), []);
    expect((await listBreakers(state)).map((breaker) => [breaker.subject.split('|')[0], breaker.state, breaker.note])).toEqual([['franzwagner', 'open', expect.stringContaining('locked out until')], ['jalensuggs', 'closed', 'its date has passed']]);
    clock.advance(hours(24));
    await entities().judge(run(2, later), []);
    expect((await listBreakers(state)).every((breaker) => breaker.state === 'closed' && breaker.failures === 0)).toBe(true);
    expect(await incidents()).toEqual([[`entities of ${table} on ${date}`, 'ended']]);
    expect(rows.at(-1)).toMatchObject({ entity_id: 'franzwagner', attempt_number: 5, circuit_breaker_tripped: false, notes: 'its date has passed' });
  });

  it('ends nothing that counts on the date itself, or after it', async () => {
    await attempt(2);
    await entities().judge(run(1, gameDate('2026-01-23')), []);
    await entities().judge(run(3), []);
    expect(await listBreakers(state)).toMatchObject([{ failures: 2 }]);
  });
});

describe('an operator', () => {
  it('sees open breakers first, and closes one with a reason that is kept', async () => {
    await attempt(2, ['jalensuggs']);
    await entities().judge(run(9), [short('aaa')]);
    await attempt(5);
    const subject = `franzwagner|${table}|${date}`;
    expect((await listBreakers(state)).map((breaker) => [breaker.subject.split('|')[0], breaker.state])).toEqual([['franzwagner', 'open'], ['aaa', 'closed'], ['jalensuggs', 'closed']]);
    await resetBreakers(ports(), await selectBreakers(state, { kind: 'entity', subject }), 'rows were loaded by hand');
    expect(await listBreakers(state)).toContainEqual(expect.objectContaining({ subject, state: 'closed', note: 'reset by an operator: rows were loaded by hand' }));
    expect(rows.at(-1)).toMatchObject({ entity_id: 'franzwagner', attempt_number: 5, circuit_breaker_tripped: false, manual_override_applied: true });
    expect(await selectBreakers(state, { kind: 'entity', subject })).toEqual([]);
  });

  it('who names what was never counted is told', async () => {
    await expect(selectBreakers(state, { kind: 'service', subject: 'balldontly' })).rejects.toMatchObject({ code: 'breaker-unknown' });
    expect(await selectBreakers(state, { kind: 'service' })).toEqual([]);
  });
});

it('300 entities of one run are more than one batch, and each is counted', async () => {
  const found = Array.from({ length: 300 }, (_, index) => short(`player${index}`));
  expect(await entities().judge(run(1), found)).toHaveLength(300);
  expect(new Set(rows.map((row) => row.entity_id)).size).toBe(300);
  expect(await entities().judge(run(2), found.map(({ entity }) => whole(entity)))).toEqual([]);
  expect((await listBreakers(state)).every(({ failures }) => failures === 0)).toBe(true);
});
