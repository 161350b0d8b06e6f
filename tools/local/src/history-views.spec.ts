import { tables, views } from '@handoff/catalogue';
import { after, minutes, parseInstant, type PipelineEventRow } from '@handoff/contracts';
import { ManualClock } from '@handoff/testing';
import { openDuckDbWarehouse, type DuckDbWarehouse } from '@handoff/warehouse-duckdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const at = parseInstant('2026-01-25T06:00:00Z');
const date = '2026-01-24';
let warehouse: DuckDbWarehouse;
beforeEach(async () => { warehouse = await openDuckDbWarehouse({ path: ':memory:', tables, views, clock: new ManualClock(at) }); });
afterEach(() => warehouse.close());

const event = (id: string, over: Partial<PipelineEventRow> = {}): PipelineEventRow => ({
  event_id: id, event_type: 'phase-run', occurred_at: at, run_id: 'nba_2026-01-24_postgame_phase3_r1', function_name: 'phase3-analytics', name: 'phase3', phase: 'phase3', flow: 'postgame',
  game_date: date, revision: 1, status: 'complete', outcome: 'processed', started_at: at, duration_seconds: 1.5, attempt: 1, games_processed: 6, rows_written: 145, trigger_source: 'message',
  trigger_key: 'nba_2026-01-24_postgame_phase3_r1', correlation_id: 'chain', error_code: null, error_message: null, metadata: { missing: [] }, ...over,
});
/** As a BigQuery subscription writes: appended, at least once. */
const appended = (...events: readonly PipelineEventRow[]) => warehouse.streamInsert('nba_orchestration.pipeline_event_log', events);
const phases = () => warehouse.query({ name: 'spec/phases', text: 'SELECT runs.run_id, runs.phase_name, runs.status, runs.games_processed, runs.rows_written FROM `nba_orchestration.phase_execution_log` AS runs WHERE runs.game_date = @date ORDER BY runs.run_id' }, { date: { type: 'DATE', value: date } });
const processors = () => warehouse.query({ name: 'spec/processors', text: 'SELECT runs.processor_name, runs.run_id, runs.status, runs.records_processed FROM `nba_reference.processor_run_history` AS runs WHERE runs.data_date = @date ORDER BY runs.run_id' }, { date: { type: 'DATE', value: date } });

describe('phase_execution_log', () => {
  it('has one row for a run whose event was written twice', async () => {
    await appended(event('a'), event('a'), event('a'));
    expect(await phases()).toEqual([{ run_id: event('a').run_id, phase_name: 'phase3', status: 'complete', games_processed: 6, rows_written: 145 }]);
  });

  it('has the last word of a run that ended twice, in whatever order it was written', async () => {
    await appended(event('b', { attempt: 2, occurred_at: after(at, minutes(5)), status: 'degraded' }), event('a', { status: 'failed' }));
    expect(await phases()).toMatchObject([{ status: 'degraded' }]);
  });

  it('has a row for each revision, and none for what is no phase run', async () => {
    await appended(event('a'), event('b', { run_id: 'nba_2026-01-24_postgame_phase3_r2', revision: 2 }), event('c', { event_type: 'function-run', run_id: 'f' }), event('d', { event_type: 'processor-run', run_id: 'p' }));
    expect(await phases()).toHaveLength(2);
  });
});

describe('processor_run_history', () => {
  it('has one row a run, never two', async () => {
    const run = { event_type: 'processor-run', run_id: 'r1|nba_analytics.player_game_summary', name: 'nba_analytics.player_game_summary', rows_written: 121 };
    await appended(event('a', run), event('a', run), event('b', { ...run, attempt: 2, occurred_at: after(at, minutes(1)) }));
    expect(await processors()).toEqual([{ processor_name: 'nba_analytics.player_game_summary', run_id: run.run_id, status: 'complete', records_processed: 121 }]);
  });
});
