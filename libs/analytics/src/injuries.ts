import type { GameDate, InjuryRow, WithoutProvenance } from '@handoff/contracts';
import { daysBetween } from './calendar.ts';

export type Injury = WithoutProvenance<InjuryRow>;

/**
 * A report older than this no longer says who is out: teams report on the day before and the day of a game.
 * Beyond it nobody is ruled out, so a silent source costs a void, not a slate.
 */
const reportAgeDaysMax = 1;

/**
 * Injury status by player as of a slate: the newest report up to that date, alone. Reports list everybody
 * who is hurt, so a player who has gone from the newest is fit again.
 */
export function injuryStatusOn(gameDate: GameDate, injuries: readonly Injury[]): ReadonlyMap<string, string> {
  const current = injuries.filter((row) => isCurrent(row.report_date, gameDate));
  const newest = current.reduce((latest, row) => (row.report_date > latest ? row.report_date : latest), '');
  return new Map(current.filter((row) => row.report_date === newest).map((row) => [row.player_lookup, row.injury_status]));
}

function isCurrent(reportDate: string, gameDate: GameDate): boolean {
  const age = daysBetween(reportDate, gameDate);
  return age >= 0 && age <= reportAgeDaysMax;
}
