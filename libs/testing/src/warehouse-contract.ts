import { describe } from 'vitest';
import { describeDurability } from './warehouse/durability-contract.ts';
import type { WarehouseHarness } from './warehouse/harness.ts';
import { describeMerge } from './warehouse/merge-contract.ts';
import { openingOf } from './warehouse/opening.ts';
import { describeStatements } from './warehouse/statement-contract.ts';
import { describeStreamingBuffer } from './warehouse/streaming-contract.ts';
import { describeValues } from './warehouse/value-contract.ts';

/**
 * What every adapter of the Warehouse port does, in BigQuery's semantics. Run it from the adapter's own spec;
 * the harness opens a new warehouse for each test.
 */
export function describeWarehouseContract(name: string, harness: WarehouseHarness): void {
  describe(`${name} keeps the warehouse contract`, () => {
    const open = openingOf(harness);
    describeMerge(open);
    describeStatements(open);
    describeValues(open);
    describeStreamingBuffer(open);
    describeDurability(open);
  });
}
