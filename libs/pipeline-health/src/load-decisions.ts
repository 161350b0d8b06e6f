import { decisionLookBackHours } from '@handoff/catalogue';
import { before, hours, PipelineError, type EpochMs, type Sport } from '@handoff/contracts';
import { evaluationRef, readEvaluations } from '@handoff/decision-state';
import type { Ports } from '@handoff/ports';
import type { DecidedHour, DecisionFacts } from '@handoff/validation';
import decisionsSince from './decisions-since.sql';

interface DecisionRow {
  readonly [column: string]: unknown;
  readonly decision_time: EpochMs;
  readonly workflow_name: string;
  readonly action: string;
}

/**
 * What the controller decided since an instant, and before it the last time. Where the state store does not answer, its
 * error is the suspected cause, and the log in the warehouse tells as far as it goes.
 */
export async function loadDecisions({ state, warehouse }: Ports, { sport, since, now }: { readonly sport: Sport; readonly since: EpochMs; readonly now: EpochMs }): Promise<DecisionFacts> {
  const oldest = before(now, hours(decisionLookBackHours));
  try {
    const own = await readEvaluations(state, sport, { from: since, until: now });
    const earlier = await lastBefore(state, sport, { oldest, since });
    return { decided: earlier === undefined ? own : [earlier, ...own], since, now };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const rows = await warehouse.query<DecisionRow>({ name: 'pipeline-health/decisions-since', text: decisionsSince }, { since: { type: 'TIMESTAMP', value: oldest < since ? oldest : since } });
    return { decided: hoursOf(rows), since, now, suspected: `${error.code}: ${error.message}` };
  }
}

/** The last evaluation before an instant: the hours are asked one by one, since nearly always the first has one. */
export async function lastBefore(state: Ports['state'], sport: Sport, { oldest, since }: { readonly oldest: EpochMs; readonly since: EpochMs }): Promise<DecidedHour | undefined> {
  for (let at = before(since, hours(1)); at >= oldest; at = before(at, hours(1))) {
    const known = await state.get<DecidedHour & { readonly [field: string]: unknown }>(evaluationRef(sport, at));
    if (known !== undefined) return known.value;
  }
  return undefined;
}

function hoursOf(rows: readonly DecisionRow[]): readonly DecidedHour[] {
  const times = [...new Set(rows.map((row) => row.decision_time))].sort((left, right) => left - right);
  return times.map((decidedAt) => ({ decidedAt, decisions: rows.filter((row) => row.decision_time === decidedAt).map(({ workflow_name: workflow, action }) => ({ workflow, action })) }));
}
