import type { Column, TableDefinition } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mergesNothing, mergeStatement, supersededStatement } from './merge-statement.ts';
import { parseStatement } from './statement.ts';

const column = (name: string, type: Column['type'], mode: Column['mode'] = 'REQUIRED'): Column => ({ name, type, mode });

const lines: TableDefinition = {
  name: 'raw.lines', description: 'For these tests.', row: z.object({}), key: ['game_date', 'player'], business: [], partition: 'game_date', cluster: [],
  partitionFilterRequired: true,
  columns: [column('game_date', 'DATE'), column('player', 'STRING'), column('points', 'FLOAT64', 'NULLABLE'), column('factors', 'JSON', 'NULLABLE'), column('texts', 'STRING', 'REPEATED')],
};
const hashed: TableDefinition = { ...lines, columns: [...lines.columns, column('data_hash', 'STRING'), column('is_degraded', 'BOOL'), column('run_id', 'STRING')] };
const runs: TableDefinition = {
  ...lines, name: 'log.runs', key: ['run_id'], partition: 'started_at', partitionFilterRequired: false, columns: [column('run_id', 'STRING'), column('started_at', 'TIMESTAMP')],
};

const textOf = (table: TableDefinition, rest: Partial<Parameters<typeof mergeStatement>[0]> = {}): string =>
  mergeStatement({ table, rows: [{ game_date: '2026-01-24', player: 'ann' }], scope: undefined, order: undefined, source: 'UNNEST(@rows) AS s', ...rest });

describe('the text of a merge', () => {
  it('bounds the partitions in ON, by the days of the rows and of the scope', () => {
    const rows = ['2026-01-25', '2026-01-24', '2026-01-24'].map((day) => ({ game_date: day, player: 'ann' }));
    const text = textOf(lines, { rows, scope: { partitions: ['2026-01-23'] } });
    expect(text).toContain("AND t.`game_date` IN (DATE '2026-01-23', DATE '2026-01-24', DATE '2026-01-25')\n");
    expect(text).toContain("WHEN NOT MATCHED BY SOURCE AND t.`game_date` IN (DATE '2026-01-23') THEN DELETE");
    expect(parseStatement(text, new Map([[lines.name, lines]]), 'adapter').problems).toEqual([]);
  });

  it('does not bound a match by a partition column outside the key, since a row may move', () => {
    expect(textOf(runs)).toContain('ON t.`run_id` = s.`run_id`\n');
  });

  it('compares JSON and arrays as text, which is all that BigQuery compares of them', () => {
    const text = textOf(lines);
    for (const name of ['factors', 'texts']) expect(text).toContain(`TO_JSON_STRING(t.\`${name}\`) IS DISTINCT FROM TO_JSON_STRING(s.\`${name}\`)`);
    expect(text).toContain('t.`points` IS DISTINCT FROM s.`points`');
  });

  it('compares the content hash and the degraded label alone where there is a hash, and sets every column outside the key', () => {
    const text = textOf(hashed);
    expect(text).toContain('WHEN MATCHED AND (t.`data_hash` IS DISTINCT FROM s.`data_hash` OR t.`is_degraded` IS DISTINCT FROM s.`is_degraded`) THEN UPDATE SET');
    expect(text).toContain('`run_id` = s.`run_id`');
  });

  it('reads the UTC day of a TIMESTAMP partition', () => {
    expect(textOf(runs, { scope: { partitions: ['2026-02-28'] } })).toContain("(t.`started_at` >= TIMESTAMP '2026-02-28 00:00:00+00' AND t.`started_at` < TIMESTAMP '2026-03-01 00:00:00+00')");
  });

  it('says the values of a scope as they are, whatever they contain', () => {
    const values = ["o'neal", 'back\\slash', 'new\nline', '"`'];
    const text = textOf(lines, { scope: { partitions: ['2026-01-24'], column: 'player', values } });
    const parsed = parseStatement(text, new Map([[lines.name, lines]]), 'adapter');
    expect(parsed.problems).toEqual([]);
    expect(parsed.pieces.filter(({ kind }) => kind === 'string').map(({ text: value }) => value)).toEqual(expect.arrayContaining(values));
  });

  it('leaves rows of a later writer alone, whether it would update or delete them', () => {
    const text = textOf(hashed, { order: { column: 'points', value: 2 }, scope: { partitions: ['2026-01-24'] } });
    expect(text).toContain('WHEN MATCHED AND NOT IFNULL(t.`points` > 2, FALSE) AND (');
    expect(text).toContain('WHEN NOT MATCHED BY SOURCE AND NOT IFNULL(t.`points` > 2, FALSE) AND t.`game_date` IN (');
    expect(parseStatement(text, new Map([[hashed.name, hashed]]), 'adapter').problems).toEqual([]);
  });

  it('reads which units a later writer has, within the partitions of the request', () => {
    const asked = { table: lines, rows: [{ game_date: '2026-01-24', player: 'ann' }], scope: undefined, order: { column: 'points', value: 2, unit: 'player' } };
    const text = supersededStatement(asked);
    expect(text).toContain("WHERE t.`game_date` IN (DATE '2026-01-24') AND t.`points` > 2");
    expect(parseStatement(text ?? '', new Map([[lines.name, lines]])).problems).toEqual([]);
    expect(supersededStatement({ ...asked, rows: [] })).toBeUndefined();
    expect(() => supersededStatement({ ...asked, order: { column: 'team', value: 2 } })).toThrow(expect.objectContaining({ code: 'warehouse-schema-mismatch' }) as Error);
  });

  it.each([
    [{ partitions: ['2026-02-30'] }, 'warehouse-statement-refused'],
    [{ partitions: ['2026-01-24'], column: 'team', values: ['a'] }, 'warehouse-schema-mismatch'],
  ])('refuses the scope %j', (scope, code) => {
    expect(() => textOf(lines, { scope })).toThrow(expect.objectContaining({ code }) as Error);
  });
});

it.each([
  [[], undefined, true],
  [[], { partitions: [] }, true],
  [[], { partitions: ['2026-01-24'] }, false],
  [[], { partitions: ['2026-01-24'], column: 'player', values: [] }, true],
  [[{}], { partitions: [] }, false],
])('%j with the scope %j merges nothing: %s', (rows, scope, nothing) => {
  expect(mergesNothing(rows, scope)).toBe(nothing);
});
