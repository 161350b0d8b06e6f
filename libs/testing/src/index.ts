export { sharedData, type Skippable } from './shared-data.ts';
export { readRealLines, readRealSeason, realDataMissing, type RealSeason } from './real-season.ts';
