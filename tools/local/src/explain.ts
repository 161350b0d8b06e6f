import { transitions } from '@handoff/catalogue';
import { PipelineError, type EpochMs, type Flow, type GameDate, type Phase, type Sport } from '@handoff/contracts';
import type { ReleaseFacts } from '@handoff/handoff';
import { explainHandoff, type Explanation } from '@handoff/handoff-state';
import type { Ports, Warehouse } from '@handoff/ports';
import { loadSlate } from '@handoff/read-models';

export interface ExplainRequest {
  readonly sport: Sport;
  readonly gameDate: GameDate;
  readonly phase: Phase;
  /** Absent: both. */
  readonly flow?: Flow;
}

export interface PhaseExplanation {
  readonly schema: 'handoff.explain/1';
  readonly gameDate: GameDate;
  readonly phase: Phase;
  /** What is told is told of this moment. */
  readonly now: EpochMs;
  readonly handoffs: readonly Explanation[];
}

/** Phases 1 and 2 are started by the controller and by stored files. */
const isGated = (phase: Phase): boolean => transitions.some(({ to }) => to === phase);

/**
 * Explains the hand-offs into a phase as they stand; of phases 1 and 2, which nothing hands off to, those
 * that wait for what they bring.
 *
 * @throws `phase-not-gated` (reject) for a phase that the flow does not have.
 */
export async function explainPhase(ports: Pick<Ports, 'clock' | 'state' | 'warehouse'>, { sport, gameDate, phase, flow }: ExplainRequest): Promise<PhaseExplanation> {
  const concerned = transitions.filter((transition) => (isGated(phase) ? transition.to === phase : transition.from === 'phase2') && (flow === undefined || transition.flow === flow));
  if (concerned.length === 0) throw new PipelineError({ code: 'phase-not-gated', disposition: 'reject', message: `there is no ${phase} of the ${flow} flow` });
  const now = ports.clock.now();
  const ends = await endsOf(ports.warehouse, gameDate);
  const slate = await loadSlate(ports, gameDate);
  const handoffs: Explanation[] = [];
  for (const transition of concerned) handoffs.push(await explainHandoff(ports.state, { transition, sport, gameDate, slate, now, endOf: (releaseId) => ends.get(releaseId) }));
  return { schema: 'handoff.explain/1', gameDate, phase, now, handoffs };
}

async function endsOf(warehouse: Warehouse, gameDate: GameDate): Promise<ReadonlyMap<string, ReleaseFacts['ended']>> {
  const text = 'SELECT runs.run_id, runs.status FROM `nba_orchestration.phase_execution_log` AS runs WHERE runs.game_date = @game_date';
  const rows = await warehouse.query<{ run_id: string; status: NonNullable<ReleaseFacts['ended']> }>({ name: 'explain/ended-runs', text }, { game_date: { type: 'DATE', value: gameDate } });
  return new Map(rows.map((row) => [row.run_id, row.status]));
}
