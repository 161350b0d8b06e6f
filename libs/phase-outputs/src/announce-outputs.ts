import { completionTopics } from '@handoff/catalogue';
import { elapsed, type Completion, type EpochMs, type Flow, type OutputsCompleted, type Phase, type PhaseExecutionRow, type PhaseRun, type PhaseTriggered } from '@handoff/contracts';
import type { FlowContext, Warehouse } from '@handoff/ports';
import { notePulse } from './write-pulse.ts';

type Announced = Pick<PhaseTriggered, 'sport' | 'purpose' | 'flow' | 'triggerId'> & { readonly phase: Exclude<Phase, 'phase1'>; readonly sourceVersionAt: EpochMs };

/** Announces what a trigger's runs have written, under a key of its own: a repetition is the same message. */
export async function announceOutputs(from: Announced, completions: readonly Completion[], { ports, correlationId }: FlowContext): Promise<void> {
  await notePulse(ports.state);
  if (completions.length === 0) return;
  const { sport, purpose, phase, flow, triggerId, sourceVersionAt } = from;
  const payload: OutputsCompleted = { sport, purpose, phase, flow, executionId: triggerId, sourceVersionAt, completions: [...completions] };
  await ports.bus.publish(completionTopics[phase], { key: `${triggerId}_complete`, payload, correlationId });
}

export interface ExecutionFacts {
  readonly phase: Phase;
  readonly flow: Flow;
  readonly runs: readonly PhaseRun[];
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly completions: readonly Completion[];
  /** What else is worth keeping of the runs, for people. */
  readonly metadata?: Readonly<Record<string, number | string>>;
}

/** Writes one row per run to phase_execution_log; a repetition of a run is the same row. */
export async function logExecutions(warehouse: Warehouse, facts: ExecutionFacts): Promise<void> {
  const { phase, flow, runs, startedAt, endedAt, completions } = facts;
  const rows = runs.map((run): PhaseExecutionRow => {
    const own = completions.filter(({ gameDate }) => gameDate === run.gameDate);
    return {
      run_id: run.releaseId,
      execution_timestamp: endedAt,
      phase_name: phase,
      flow,
      game_date: run.gameDate,
      revision: run.revision,
      start_time: startedAt,
      duration_seconds: elapsed(startedAt, endedAt) / 1_000,
      games_processed: run.games.length,
      rows_written: own.reduce((sum, { rowCount }) => sum + rowCount, 0),
      status: run.isDegraded ? 'degraded' : 'complete',
      metadata: { missing: run.missing, ...facts.metadata },
    };
  });
  await warehouse.merge({ table: 'nba_orchestration.phase_execution_log', rows });
}
