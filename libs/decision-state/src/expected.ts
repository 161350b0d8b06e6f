import type { EpochMs, GameDate, Sport } from '@handoff/contracts';
import type { StateDocument, StateRef, StateStore } from '@handoff/ports';
import type { ExpectedDecision } from '@handoff/validation';

/** `expected_decisions`: what the controller is expected to run for a slate, written before its day begins. */
export interface ExpectedDecisionsDocument extends StateDocument {
  readonly decisions: readonly ExpectedDecision[];
  readonly plannedAt: EpochMs;
}

export const expectedDecisionsRef = (sport: Sport, gameDate: GameDate): StateRef => ({ collection: 'expected_decisions', id: `${sport}_${gameDate}` });

/** What was expected ahead of some dates; dates that nobody planned are absent. */
export async function readExpectedDecisions(state: StateStore, sport: Sport, dates: readonly GameDate[]): Promise<readonly ExpectedDecision[]> {
  const found = await Promise.all(dates.map((date) => state.get<ExpectedDecisionsDocument>(expectedDecisionsRef(sport, date))));
  return found.flatMap((known) => known?.value.decisions ?? []);
}
