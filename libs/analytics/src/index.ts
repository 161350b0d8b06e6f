export { daysBefore, daysBetween } from './calendar.ts';
export { groupBy } from './grouping.ts';
export { type BoxScore, type BoxScoreSource, type GameSummaryInput, type ScheduledGame } from './box-scores.ts';
export { summarisePlayerGames, type PlayerGameSummary } from './player-games.ts';
export { summariseTeamDefense, summariseTeamOffense, type TeamDefenseGameSummary, type TeamOffenseGameSummary } from './team-games.ts';
export { describeUpcomingTeams, type UpcomingTeamContext, type UpcomingTeamsInput } from './upcoming-teams.ts';
export { describeUpcomingPlayers, type Appearance, type UpcomingPlayerContext, type UpcomingPlayersInput } from './upcoming-players.ts';
export { injuryStatusOn, type Injury } from './injuries.ts';
export { resolveLine, type LineColumns, type LineQuestion, type OfferedLines, type PointsLine } from './lines.ts';
