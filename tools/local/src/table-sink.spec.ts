import { tableNamed, tableSubscriptions } from '@handoff/catalogue';
import { epochMs, gameDate, wireRowOf, type PipelineEventRow } from '@handoff/contracts';
import type { Delivery, Warehouse } from '@handoff/ports';
import { expect, it } from 'vitest';
import { TableSink } from './table-sink.ts';

const now = epochMs(1_769_256_000_000);
const row: PipelineEventRow = {
  event_id: 'e', event_type: 'function-run', run_id: 'r', name: 'phase3-analytics', phase: null, flow: null, game_date: gameDate('2026-01-24'), revision: null, status: 'complete',
  occurred_at: now, started_at: now, duration_seconds: 0, games_processed: null, rows_written: null, function_name: 'phase3-analytics', outcome: 'written', attempt: 1,
  trigger_source: 'message', trigger_key: 'work', correlation_id: 'chain', error_code: null, error_message: null, metadata: {},
};
const subscriptions = ['first', 'second', 'third'].flatMap((name) => tableSubscriptions.filter(({ table }) => table === 'nba_orchestration.pipeline_event_log').map((subscription) => ({ ...subscription, name })));
const delivery = (subscription: string): Delivery => ({ subscription, messageId: subscription, publishedAt: now, attempt: 1, message: { key: 'e', correlationId: 'chain', payload: wireRowOf(tableNamed('nba_orchestration.pipeline_event_log'), row) } });

it('settles the messages of every table where the first of three cannot be written, and throws its error', async () => {
  const failures = [new Error('the first table is locked')];
  const merge = (): Promise<void> => {
    const failure = failures.pop();
    return failure === undefined ? Promise.resolve() : Promise.reject(failure);
  };
  const sink = new TableSink({ merge } as unknown as Warehouse, subscriptions);
  const verdicts: string[] = [];
  for (const { name } of subscriptions) void sink.take(delivery(name)).then((verdict) => { verdicts.push(`${name} ${verdict}`); });
  await expect(sink.flush()).rejects.toThrow('the first table is locked');
  expect([verdicts, sink.isEmpty]).toEqual([['first nack', 'second ack', 'third ack'], true]);
});
