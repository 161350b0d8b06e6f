import type { EpochMs, GameDate, Sport } from '@handoff/contracts';
import { expectedDecisionsRef, type ExpectedDecisionsDocument } from '@handoff/decision-state';
import type { Ports } from '@handoff/ports';
import { loadSlates } from '@handoff/read-models';
import { addDays, datesBetween, gameDateOf, type SlateGame } from '@handoff/slate';
import { expectedDecisions, type ExpectedDecision } from '@handoff/validation';

/**
 * Writes ahead what the controller is expected to run: for tomorrow too, so that a planner which misses a morning leaves
 * no night without expectations. Repeating it changes only what the schedule has changed; what nobody expected before its
 * window opened is not expected afterwards.
 */
export async function planDecisions(sport: Sport, { state, warehouse, clock }: Ports): Promise<void> {
  const now = clock.now();
  const today = gameDateOf(now);
  const dates = datesBetween(addDays(today, -1), addDays(today, 1));
  const slates = await loadSlates({ state, warehouse }, addDays(today, -1), addDays(today, 1));
  for (const date of dates) {
    const ref = expectedDecisionsRef(sport, date);
    const known = (await state.get<ExpectedDecisionsDocument>(ref))?.value.decisions ?? [];
    const decisions = expectedAhead({ date, slate: slates.get(date) ?? [], known, now });
    if (JSON.stringify(decisions) !== JSON.stringify(known)) await state.batch([{ kind: 'set', ref, value: { decisions, plannedAt: now } satisfies ExpectedDecisionsDocument }]);
  }
}

interface Planned {
  readonly date: GameDate;
  readonly slate: readonly SlateGame[];
  readonly known: readonly ExpectedDecision[];
  readonly now: EpochMs;
}

/** What is expected of a date, without what is only known since its window has opened. */
export function expectedAhead({ date, slate, known, now }: Planned): readonly ExpectedDecision[] {
  return expectedDecisions(date, slate).filter(({ workflow, from }) => from > now || known.some((one) => one.workflow === workflow));
}
