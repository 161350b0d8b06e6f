export { loadLedgerOfDates } from './ledger.ts';
export { loadAppearances, loadGamesOfPlayers, loadPlayerGames } from './player-history.ts';
export { loadLineContradictions, type LineContradictions } from './line-contradictions.ts';
export { loadObservedOutputs, loadVanishedOutputs, observedStatement, type ObservedOutput } from './observed-outputs.ts';
export { loadSeasonSchedule, type ScheduledGame } from './schedules.ts';
export { loadSlate, loadSlates, projectSlates, type Slates } from './slates.ts';
export { loadSummarisedGames, loadTeamTotals, type SummarisedGame } from './team-forms.ts';
