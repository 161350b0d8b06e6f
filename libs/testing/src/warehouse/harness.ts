import type { Column, ColumnType, Row, TableDefinition } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import { z } from 'zod';
import type { ManualClock } from '../manual-clock.ts';

/** How the contract suite opens the adapter under test. */
export interface WarehouseHarness {
  /** Opens a new, empty warehouse with these tables. What it writes survives until the test ends. */
  open(options: { readonly clock: ManualClock; readonly tables: readonly TableDefinition[] }): Promise<OpenWarehouse>;
}

export interface OpenWarehouse {
  readonly warehouse: Warehouse;
  /** Rows of another writer, through BigQuery's insertAll or what stands for it. */
  readonly streamInsert: (table: string, rows: readonly Row[]) => Promise<void>;
  /** Closes in order and opens again what is stored. */
  readonly reopen: () => Promise<OpenWarehouse>;
  /** Opens what a process that is killed at this moment leaves behind. For a service: a new client. */
  readonly crash: () => Promise<OpenWarehouse>;
  readonly close: () => Promise<void>;
}

const column = (name: string, type: ColumnType, mode: Column['mode'] = 'REQUIRED'): Column => ({ name, type, mode });

function table(name: string, columns: readonly Column[], rest: Partial<TableDefinition> & Pick<TableDefinition, 'key' | 'partition'>): TableDefinition {
  return {
    name, columns, description: 'A table of the contract suite.', row: z.object({}), business: columns.map(({ name: business }) => business),
    cluster: [], partitionFilterRequired: false, ...rest,
  };
}

/** Rows with a content hash, partitioned by a required date. */
export const scores = table(
  'contract_raw.scores',
  [
    column('game_date', 'DATE'), column('game_id', 'STRING'), column('player', 'STRING'), column('points', 'INT64', 'NULLABLE'),
    column('data_hash', 'STRING'), column('run_id', 'STRING'),
  ],
  { key: ['game_date', 'game_id', 'player'], partition: 'game_date', partitionFilterRequired: true },
);

/** Scores whose writers have an order. */
export const revisedScores = table(
  'contract_raw.revised_scores',
  [...scores.columns, column('revision', 'INT64'), column('fetched_at', 'TIMESTAMP')],
  { key: ['game_date', 'game_id', 'player'], partition: 'game_date' },
);

/** Rows without a content hash, partitioned by the UTC day of an instant. */
export const decisions = table(
  'contract_log.decisions',
  [column('decision_id', 'STRING'), column('decided_at', 'TIMESTAMP'), column('action', 'STRING'), column('reason', 'STRING', 'NULLABLE')],
  { key: ['decision_id'], partition: 'decided_at' },
);

/** Every column type in every mode that it can have. */
export const everything = table(
  'contract_raw.everything',
  [
    column('id', 'STRING'), column('on_date', 'DATE'),
    column('text', 'STRING', 'NULLABLE'), column('whole', 'INT64', 'NULLABLE'), column('real', 'FLOAT64', 'NULLABLE'), column('flag', 'BOOL', 'NULLABLE'),
    column('day', 'DATE', 'NULLABLE'), column('instant', 'TIMESTAMP', 'NULLABLE'), column('document', 'JSON', 'NULLABLE'),
    column('texts', 'STRING', 'REPEATED'), column('reals', 'FLOAT64', 'REPEATED'), column('wholes', 'INT64', 'REPEATED'),
  ],
  { key: ['id'], partition: 'on_date' },
);

export const contractTables: readonly TableDefinition[] = [scores, revisedScores, decisions, everything];

export const score = (game: string, player: string, points: number | null, changes: Row = {}): Row => ({
  game_date: '2026-01-24', game_id: game, player, points, data_hash: `hash of ${points}`, run_id: 'run-1', ...changes,
});

export const decision = (id: string, at: string, changes: Row = {}): Row => ({
  decision_id: id, decided_at: Date.parse(at), action: 'RUN', reason: null, ...changes,
});

export const day = (value: string) => ({ type: 'DATE', value }) as const;
export const text = (value: string) => ({ type: 'STRING', value }) as const;

/** All scores of a date, in the order of the key. */
export const scoresOf = (warehouse: Warehouse, date = '2026-01-24'): Promise<readonly Row[]> =>
  warehouse.query(
    { name: 'scores-of', text: 'SELECT * FROM `contract_raw.scores` WHERE game_date = @game_date ORDER BY game_id, player' },
    { game_date: day(date) },
  );

/** All decisions, in the order of their ids. */
export const allDecisions = (warehouse: Warehouse): Promise<readonly Row[]> =>
  warehouse.query({ name: 'all-decisions', text: 'SELECT * FROM `contract_log.decisions` ORDER BY decision_id' });
