export { sharedData, type Skippable } from './shared-data.ts';
export { readRealLines, readRealSeason, realDataMissing, type RealSeason } from './real-season.ts';
export { ManualClock } from './manual-clock.ts';
export { describeWarehouseContract } from './warehouse-contract.ts';
export type { OpenWarehouse, WarehouseHarness } from './warehouse/harness.ts';
export { aBoxScore, aGame, aLine, anInjury, anUpcomingPlayer, aPrediction, aSummary } from './nba-rows.ts';
export { silentLog } from './silent-log.ts';
export { asLoaded, asMade } from './stored-rows.ts';
