export { judgeTeams, type CoverageThresholds, type DueGame, type TeamCoverage } from './team-coverage.ts';
