import { epochMs, type Row } from '@handoff/contracts';
import type { Parameter } from '@handoff/ports';
import { expect, it } from 'vitest';
import { openDuckDbWarehouse } from './duckdb-warehouse.ts';
import { notes } from './notes-table.ts';

const clock = { now: () => epochMs(1_769_256_000_000) };

/** What comes back of a value that goes in as a parameter. */
async function thereAndBack(value: Parameter): Promise<unknown> {
  const warehouse = await openDuckDbWarehouse({ path: ':memory:', tables: [notes], clock });
  try {
    const [row] = await warehouse.query<Row>({ name: 'spec/there-and-back', text: 'SELECT @value AS value' }, { value });
    return row?.['value'];
  } finally {
    await warehouse.close();
  }
}

it.each<Parameter>([
  { type: 'STRING', value: `it's "quoted"; DROP TABLE x -- \\n $value @value` },
  { type: 'STRING', value: 'before\0after\0' },
  { type: 'STRING', value: 'Dončić 🏀\n\t' },
  { type: 'STRING', value: '' },
  { type: 'STRING', value: null },
  { type: 'INT64', value: -9_007_199_254_740_991 },
  { type: 'FLOAT64', value: -0 },
  { type: 'FLOAT64', value: 0.1 + 0.2 },
  { type: 'FLOAT64', value: 5e-324 },
  { type: 'FLOAT64', value: 1.7976931348623157e308 },
  { type: 'BOOL', value: false },
  { type: 'DATE', value: '2024-02-29' },
  { type: 'TIMESTAMP', value: -62_135_596_800_000 },
  { type: 'TIMESTAMP', value: 1_769_256_000_123 },
  { type: 'ARRAY<STRING>', value: [`it's`, '"', '\\', 'before\0after', ''] },
  { type: 'ARRAY<STRING>', value: [] },
  { type: 'ARRAY<DATE>', value: ['2026-01-24', '2024-02-29'] },
])('a $type of $value reaches the engine as it is', async (parameter) => {
  expect(await thereAndBack(parameter)).toEqual(parameter.value);
});

it.each<Parameter>([
  { type: 'TIMESTAMP', value: 253_402_300_800_000 },
  { type: 'DATE', value: '2026-02-30' },
  { type: 'INT64', value: 2 ** 53 },
  { type: 'FLOAT64', value: Number.NaN },
])('a $type of $value is refused, as BigQuery refuses it', async (parameter) => {
  await expect(thereAndBack(parameter)).rejects.toThrow(`query parameter 'value' is no ${parameter.type}`);
});
