import { expect, it } from 'vitest';
import { z } from 'zod';
import { columnsOf, date, instant, integer, json, text, texts } from './table.ts';
import { epochMs } from './time.ts';
import { rowOfWire, wireRowOf } from './wire-row.ts';

const row = z.object({ id: text(), at: instant(), until: instant().nullable(), facts: json(), on: date(), tries: integer(), games: texts() });
const table = { row, columns: columnsOf(row) };
const at = epochMs(1_769_313_600_000);
const full = { id: 'a', at, until: null, facts: { missing: ['x'], ratio: 0.5 }, on: '2026-01-25', tries: 2, games: ['1', '2'] };

it('writes instants and JSON as text, and everything else as it is', () => {
  expect(wireRowOf(table, full)).toEqual({ id: 'a', at: '2026-01-25T04:00:00.000Z', until: null, facts: '{"missing":["x"],"ratio":0.5}', on: '2026-01-25', tries: 2, games: ['1', '2'] });
});

it('reads back what it wrote', () => {
  expect(rowOfWire(table, wireRowOf(table, full))).toEqual(full);
});

it.each([
  ['a column that the table does not have', { ...wireRowOf(table, full), colour: 'red' }],
  ['an instant that is none', { ...wireRowOf(table, full), at: 'yesterday' }],
  ['JSON that is none', { ...wireRowOf(table, full), facts: '{' }],
  ['a missing column', { id: 'a' }],
  ['seconds for milliseconds', { ...wireRowOf(table, full), at: 1_769_313_600 }],
])('refuses %s', (_, wire) => {
  expect(rowOfWire(table, wire)).toBeUndefined();
});
