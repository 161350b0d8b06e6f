export { readRealLines, readRealSeason, realDataMissing, type RealSeason } from './real-season.ts';
export { aBoxScore, aGame, aLine, anInjury, anUpcomingPlayer, aPrediction, aSummary } from './nba-rows.ts';
