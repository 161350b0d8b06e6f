export { ManualClock } from './manual-clock.ts';
export { describeWarehouseContract } from './warehouse-contract.ts';
export type { OpenWarehouse, WarehouseHarness } from './warehouse/harness.ts';
