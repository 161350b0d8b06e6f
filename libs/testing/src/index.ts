export { readRealLines, readRealSeason, realDataMissing, type RealSeason } from './real-season.ts';
