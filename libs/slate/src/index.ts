export { dueTime, easternHour, easternTime, gameDateOf, type DueTime } from './eastern-time.ts';
export { addDays, datesBetween, daysBetween, seasonStart, seasonYearOf } from './game-dates.ts';
export { isWithinWindow, lastOccurrence, nearestOccurrence, nextOccurrence, type DailyWindow } from './daily-window.ts';
export {
  dateGameIdOf, gameCodeOf, officialIdOf, parseDateGameId, parseGameCode, parseOfficialId, resolveGame,
  type GameIdentity, type GameParts, type KnownGame, type OfficialIdParts, type Resolution, type SeasonType,
} from './game-identity.ts';
export { requireTricode, teamNameOf, teamOf, teams, teamWithId, tricodeOf, type Team } from './teams.ts';
export { isComboName, playerLookup, unglueName } from './player-names.ts';
export { repairEncoding } from './text-repair.ts';
export { isAbandoned, isPlanned, isPostponed, movedIn, slateOf, slatesOf, type GameStatus, type ScheduleFacts, type SlateGame } from './slate.ts';
