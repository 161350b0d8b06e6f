import { gameDate, type GameDate } from '@handoff/contracts';

/** A game as the schedule has it on one of its dates; `is_postponed` where it was not, or will not be, played on it. */
export interface ScheduledOn {
  readonly game_date: string;
  readonly game_id: string;
  readonly is_postponed: boolean;
}

/** What the ledger says of one game of a date: how many of its rows expect something, and how many were planned as postponed. */
export interface PlannedOn {
  readonly game_date: string;
  readonly scope: string;
  readonly expecting: number;
  readonly postponed: number;
}

/**
 * The dates whose plan is not what the schedule says, ascending: a game stands that is not planned or planned as
 * postponed, or one is expected of that was not played on the date. However old: a postponement may be learned late.
 */
export function outdatedPlans(schedule: readonly ScheduledOn[], planned: readonly PlannedOn[]): readonly GameDate[] {
  const known = new Map(planned.map((game) => [`${game.game_date}|${game.scope}`, game]));
  const outdated = schedule.filter(({ game_date: date, game_id: game, is_postponed: isPostponed }) => {
    const plan = known.get(`${date}|${game}`);
    return isPostponed ? plan !== undefined && plan.expecting > 0 : plan === undefined || plan.postponed > 0;
  });
  return [...new Set(outdated.map((row) => row.game_date))].sort().map(gameDate);
}
