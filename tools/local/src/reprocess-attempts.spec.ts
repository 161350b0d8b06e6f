import { EntityBreakers, type FoundEntity } from '@handoff/breakers';
import { CircuitBreakerConfig } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { after, gameDate, hours, minutes, parseInstant, type EpochMs } from '@handoff/contracts';
import type { Delivery } from '@handoff/ports';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TableSink } from './table-sink.ts';

const run = { processor: 'nba_predictions.ml_feature_store_v2', date: gameDate('2026-01-24'), correlationId: 'spec' };
const start = parseInstant('2026-01-24T12:00:00Z');

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
let sink: TableSink;
beforeEach(async () => {
  clock = new ManualClock(start);
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  sink = new TableSink(system.ports.warehouse);
});
afterEach(() => system.close());

const entities = () => new EntityBreakers(system.ports, CircuitBreakerConfig.parse({}));
const short = (entity: string): FoundEntity => ({ entity, completenessPct: 60, lacks: 'history-incomplete' });
const allAttempts = 'SELECT attempts.entity_id, attempts.attempt_number FROM `nba_orchestration.reprocess_attempts` AS attempts WHERE attempts.analysis_date = @date ORDER BY attempts.entity_id, attempts.attempt_number';
/** The owner's query: who is locked out now. */
const lockedOut = 'SELECT attempts.entity_id, attempts.circuit_breaker_until FROM `nba_orchestration.reprocess_attempts` AS attempts WHERE attempts.analysis_date = @date AND attempts.circuit_breaker_tripped AND attempts.circuit_breaker_until > @now ORDER BY attempts.entity_id';

/** Brings every event into the table twice, as a subscription may. */
async function written(): Promise<void> {
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  const taken = [...deliveries, ...deliveries].filter((delivery) => sink.takes(delivery)).map((delivery) => sink.take(delivery));
  await sink.flush();
  expect(new Set(await Promise.all(taken))).toEqual(new Set(['ack']));
}
const query = (text: string, now: EpochMs = clock.now()) => system.ports.warehouse.query({ name: 'spec/attempts', text }, { date: { type: 'DATE', value: run.date }, ...(text.includes('@now') ? { now: { type: 'TIMESTAMP' as const, value: now } } : {}) });

it('who is locked out, and until when, is told by the attempts, and no longer once their data has come', async () => {
  for (let revision = 1; revision <= 5; revision += 1) await entities().judge({ ...run, runId: `r${revision}` }, revision < 3 ? [short('franzwagner'), short('paolobanchero')] : [short('franzwagner')]);
  await written();
  expect(await query(allAttempts)).toEqual([...[1, 2, 3, 4, 5].map((attempt) => ({ entity_id: 'franzwagner', attempt_number: attempt })), ...[1, 2].map((attempt) => ({ entity_id: 'paolobanchero', attempt_number: attempt }))]);
  expect(await query(lockedOut)).toEqual([{ entity_id: 'franzwagner', circuit_breaker_until: after(start, hours(24)) }]);
  expect(await query(lockedOut, after(start, hours(24)))).toEqual([]);
  clock.advance(minutes(30));
  expect(await entities().resetForData(new Set(['franzwagner']), 'his box scores have come', 'spec')).toBe(1);
  await written();
  expect(await query(lockedOut)).toEqual([]);
  expect(await query(allAttempts)).toHaveLength(7);
});
