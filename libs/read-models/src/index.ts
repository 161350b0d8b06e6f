export { loadTeamForms, type TeamDefense, type TeamForms, type TeamOffense } from './team-forms.ts';
export { loadPlayerGames, type PlayerGame } from './player-history.ts';
export { loadSeasonSchedule, type ScheduledGame } from './schedules.ts';
export { loadSlate, loadSlates, type Slates } from './slates.ts';
