import { elapsed, hashOf, type EpochMs, type PhaseTriggered, type PipelineError, type PipelineEventRow } from '@handoff/contracts';
import { historyEntry, type OutboxEntry } from '@handoff/outbox';
import type { RunRecord } from '@handoff/ports';

/** One attempt at a unit of work, as the pipeline's history tells it. */
export interface Attempted {
  readonly functionName: string;
  readonly workKey: string;
  readonly correlationId: string;
  readonly trigger: { readonly source: 'message' | 'schedule'; readonly key: string };
  readonly attempt: number;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly status: 'complete' | 'rejected' | 'deferred' | 'to-be-retried';
  readonly outcome: string;
  readonly facts: PipelineEventRow['metadata'];
  readonly error: PipelineError | undefined;
}

type Subject = Pick<PipelineEventRow, 'event_type' | 'run_id' | 'name' | 'phase' | 'flow' | 'game_date' | 'revision' | 'status' | 'started_at' | 'games_processed' | 'rows_written' | 'metadata'>;

/** The events of one attempt: the function's own, and those of the runs that came to their end with it. */
export function eventsOf(attempted: Attempted, ended: readonly RunRecord[]): readonly OutboxEntry[] {
  return [ofFunction(attempted), ...ended.map(ofRun)].map((subject) => entryOf(attempted, subject));
}

/** The phase runs of a trigger that was refused for good: they have failed, and the history says so. */
export const failedRuns = ({ phase, flow, runs }: PhaseTriggered, startedAt: EpochMs): readonly RunRecord[] =>
  runs.map((run) => ({ kind: 'phase-run', runId: run.releaseId, name: phase, phase, flow, gameDate: run.gameDate, revision: run.revision, status: 'failed', startedAt, games: run.games.length, rows: 0 }));

const ofFunction = ({ functionName, workKey, status, startedAt, facts }: Attempted): Subject => ({
  event_type: 'function-run', run_id: `${functionName}|${workKey}`, name: functionName, phase: null, flow: null, game_date: null, revision: null,
  status, started_at: startedAt, games_processed: null, rows_written: null, metadata: facts,
});

const ofRun = ({ kind, runId, name, phase, flow, gameDate, revision, status, startedAt, games, rows, metadata }: RunRecord): Subject => ({
  event_type: kind, run_id: runId, name, phase, flow, game_date: gameDate, revision, status, started_at: startedAt, games_processed: games, rows_written: rows,
  metadata: metadata === undefined ? {} : Object.fromEntries(Object.entries(metadata).map(([fact, value]) => [fact, typeof value === 'object' ? [...value] : value])),
});

/** An attempt is one event. The end of a run is one too, whoever tells it: of a batch's answers several may find it ended. */
const identityOf = ({ functionName, workKey, attempt }: Attempted, { event_type: type, run_id: run, status, started_at: startedAt }: Subject): readonly (string | number)[] =>
  type === 'function-run' ? [type, run, functionName, workKey, attempt] : [type, run, status, startedAt];

function entryOf(attempted: Attempted, subject: Subject): OutboxEntry {
  const { functionName, correlationId, trigger, attempt, endedAt, outcome, error } = attempted;
  const row: PipelineEventRow = {
    ...subject,
    event_id: hashOf(identityOf(attempted, subject).join('|')).slice(0, 32),
    occurred_at: endedAt,
    function_name: functionName,
    outcome,
    duration_seconds: elapsed(subject.started_at, endedAt) / 1_000,
    attempt,
    trigger_source: trigger.source,
    trigger_key: trigger.key,
    correlation_id: correlationId,
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
  };
  return historyEntry('nba_orchestration.pipeline_event_log', row, correlationId);
}
