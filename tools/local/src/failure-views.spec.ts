import { tables, views } from '@handoff/catalogue';
import { after, minutes, parseInstant, type RetryQueueRow, type StreamingConflictRow } from '@handoff/contracts';
import { ManualClock } from '@handoff/testing';
import { openDuckDbWarehouse, type DuckDbWarehouse } from '@handoff/warehouse-duckdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const at = parseInstant('2026-01-25T06:00:00Z');
let warehouse: DuckDbWarehouse;
beforeEach(async () => { warehouse = await openDuckDbWarehouse({ path: ':memory:', tables, views, clock: new ManualClock(at) }); });
afterEach(() => warehouse.close());

const change = (id: string, version: number, over: Partial<RetryQueueRow> = {}): RetryQueueRow => ({
  event_id: `${id}-${version}`, id, version, game_date: '2026-01-24', phase: 'phase1', processor_name: 'nba_raw.bdl_player_boxscores', kind: 'scrape', error_code: 'no-rows-for-final-games', error_message: 'not there',
  error_type: 'missing_game', retry_count: 0, max_retries: 3, first_failure_at: at, last_retry_at: null, next_retry_at: after(at, minutes(30)), status: 'pending', resolution_notes: null, correlation_id: 'chain',
  metadata: { games: ['0022500645'] }, created_at: at, updated_at: after(at, minutes(version)), ...over,
});
/** As a BigQuery subscription writes: appended, at least once, in any order. */
const queued = (...rows: readonly RetryQueueRow[]) => warehouse.streamInsert('nba_orchestration.failed_processor_queue_log', rows);

describe('failed_processor_queue', () => {
  it('answers the owner\'s question what has been pending for over an hour, and how often it was tried', async () => {
    await queued(change('a', 1), change('a', 1), change('b', 1, { first_failure_at: after(at, minutes(90)) }), change('c', 2, { status: 'succeeded', retry_count: 1 }), change('c', 1));
    const text = "SELECT queue.id, queue.status, queue.retry_count, queue.max_retries FROM `nba_orchestration.failed_processor_queue` AS queue WHERE queue.status = 'pending' AND queue.first_failure_at < @before ORDER BY queue.id";
    expect(await warehouse.query({ name: 'spec/pending', text }, { before: { type: 'TIMESTAMP', value: after(at, minutes(60)) } })).toEqual([{ id: 'a', status: 'pending', retry_count: 0, max_retries: 3 }]);
  });

  it('has one row for each piece of work: what it is now', async () => {
    await queued(change('a', 3, { status: 'failed_permanent', retry_count: 3, next_retry_at: null }), change('a', 1), change('a', 2, { status: 'retrying', retry_count: 1 }));
    expect(await warehouse.query({ name: 'spec/queue', text: 'SELECT queue.status, queue.retry_count, queue.error_type FROM `nba_orchestration.failed_processor_queue` AS queue' })).toEqual([{ status: 'failed_permanent', retry_count: 3, error_type: 'missing_game' }]);
  });
});

const conflict = (id: string, version: number, over: Partial<StreamingConflictRow> = {}): StreamingConflictRow => ({
  event_id: `${id}-${version}`, conflict_id: id, version, updated_at: after(at, minutes(version)), timestamp: at, processor_name: 'nba_raw.bdl_player_boxscores', game_id: '0022500645', game_date: '2026-01-24',
  conflict_type: 'streaming_buffer', retry_count: version - 1, resolved: false, resolution_time: null, resolution_method: null, details: {}, ...over,
});

describe('streaming conflicts', () => {
  beforeEach(async () => {
    await warehouse.streamInsert('nba_orchestration.streaming_conflict_events', [
      conflict('a', 1), conflict('a', 2), conflict('a', 3, { resolved: true, resolution_time: at, resolution_method: 'auto_retry' }), conflict('b', 4), conflict('b', 4),
      conflict('c', 1), conflict('c', 2, { resolved: true, resolution_time: at, resolution_method: 'force_mode' }),
    ]);
  });

  it('have one row each in the log, with how they ended', async () => {
    const text = 'SELECT log.conflict_id, log.retry_count, log.resolved, log.resolution_method FROM `nba_orchestration.streaming_conflict_log` AS log ORDER BY log.conflict_id';
    expect(await warehouse.query({ name: 'spec/log', text })).toEqual([
      { conflict_id: 'a', retry_count: 2, resolved: true, resolution_method: 'auto_retry' }, { conflict_id: 'b', retry_count: 3, resolved: false, resolution_method: null }, { conflict_id: 'c', retry_count: 1, resolved: true, resolution_method: 'force_mode' },
    ]);
  });

  it('are counted by processor: conflicts, re-checks, success', async () => {
    const text = 'SELECT metrics.processor_name, metrics.conflicts, metrics.retries, metrics.resolved, metrics.resolved_by_auto_retry, metrics.resolved_by_force_mode, metrics.success_rate FROM `nba_orchestration.streaming_conflict_metrics` AS metrics';
    expect(await warehouse.query({ name: 'spec/metrics', text })).toEqual([{ processor_name: 'nba_raw.bdl_player_boxscores', conflicts: 3, retries: 6, resolved: 2, resolved_by_auto_retry: 1, resolved_by_force_mode: 1, success_rate: expect.closeTo(2 / 3) as number }]);
  });
});
