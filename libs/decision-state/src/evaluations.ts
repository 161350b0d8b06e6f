import { after, hours, isoInstant, type EpochMs, type GameDate, type ScrapeRequested, type Sport } from '@handoff/contracts';
import type { StateDocument, StateRef, StateStore } from '@handoff/ports';

/** What is kept of the decision about one workflow. */
export interface KeptDecision {
  readonly workflow: string;
  readonly action: 'RUN' | 'SKIP' | 'ABORT';
  /** Kebab-case. */
  readonly reason: string;
  /** With RUN: the scrapers that were asked for. */
  readonly scrapers?: readonly string[];
  /** With RUN: the dates that they were asked about. */
  readonly from?: GameDate;
  readonly until?: GameDate;
}

/** The name of one decision of one hour, and of the request that follows from it for each scraper: the key of its message. */
export const decisionIdOf = (sport: Sport, decidedAt: EpochMs, workflow: string): string => `${sport}_${isoInstant(decidedAt).slice(0, 13)}_${workflow}`;
export const scrapeRequestIdOf = (sport: Sport, decidedAt: EpochMs, { workflow, scraper }: { readonly workflow: string; readonly scraper: string }): string => `${decisionIdOf(sport, decidedAt, workflow)}_${scraper}`;

/** The requests that follow from a decision. Made again from what is kept of it they are the same messages. */
export function scrapeRequestsOf({ workflow, action, scrapers = [], from, until }: KeptDecision, { sport, decidedAt }: { readonly sport: Sport; readonly decidedAt: EpochMs }): readonly ScrapeRequested[] {
  if (action !== 'RUN' || from === undefined || until === undefined) return [];
  const decisionId = decisionIdOf(sport, decidedAt, workflow);
  return scrapers.map((scraper) => ({ sport, purpose: 'live', requestId: scrapeRequestIdOf(sport, decidedAt, { workflow, scraper }), decisionId, workflow, scraper, gameDate: from, untilDate: until, requestedAt: decidedAt }));
}

/** `controller_evaluations`: what the controller decided in one hour, once, under the hour's name. */
export interface EvaluationDocument<Decision extends KeptDecision = KeptDecision> extends StateDocument {
  readonly decisions: readonly Decision[];
  /** Dates of which every game that is over has a box score. */
  readonly collected: readonly GameDate[];
  readonly decidedAt: EpochMs;
}

/** The evaluation of the hour that an instant is in, UTC. */
export const evaluationRef = (sport: Sport, at: EpochMs): StateRef => ({ collection: 'controller_evaluations', id: `${sport}_${isoInstant(at).slice(0, 13)}` });

/** What was decided in the hours between two instants, both included, in order of time; hours without a decision are absent. */
export async function readEvaluations(state: StateStore, sport: Sport, { from, until }: { readonly from: EpochMs; readonly until: EpochMs }): Promise<readonly EvaluationDocument[]> {
  const found: EvaluationDocument[] = [];
  for (let at = from; evaluationRef(sport, at).id <= evaluationRef(sport, until).id; at = after(at, hours(1))) {
    const known = await state.get<EvaluationDocument>(evaluationRef(sport, at));
    if (known !== undefined) found.push(known.value);
  }
  return found;
}
