import { completionTopics, outputsOf } from '@handoff/catalogue';
import type { Completion, EpochMs, Flow, OutputsCompleted, Phase, PhaseRun, PhaseTriggered } from '@handoff/contracts';
import type { OutboxEntry } from '@handoff/outbox';
import type { FlowContext, RunRecord } from '@handoff/ports';
import { notePulse } from './write-pulse.ts';

type Announced = Pick<PhaseTriggered, 'sport' | 'purpose' | 'flow' | 'triggerId'> & { readonly phase: Exclude<Phase, 'phase1'>; readonly sourceVersionAt: EpochMs };

/** Announces what a trigger's runs have written, under a key of its own: a repetition is the same message. */
export async function announceOutputs(from: Announced, completions: readonly Completion[], { ports, correlationId }: FlowContext): Promise<void> {
  await notePulse(ports.state);
  for (const { topic, message } of announcement(from, { completions, correlationId })) await ports.bus.publish(topic, message);
}

interface Announcing {
  readonly completions: readonly Completion[];
  readonly correlationId: string;
  /** The key of what is announced after the runs have been announced already. Absent: theirs. */
  readonly key?: string;
}

/** The message that announces what a trigger's runs have written, for the outbox; none where nothing is complete. */
export function announcement(from: Announced, { completions, correlationId, key = `${from.triggerId}_complete` }: Announcing): readonly OutboxEntry[] {
  if (completions.length === 0) return [];
  const { sport, purpose, phase, flow, triggerId, sourceVersionAt } = from;
  const payload: OutputsCompleted = { sport, purpose, phase, flow, executionId: triggerId, sourceVersionAt, completions: [...completions] };
  return [{ topic: completionTopics[phase], message: { key, payload, correlationId } }];
}

export interface ExecutionFacts {
  readonly phase: Phase;
  readonly flow: Flow;
  readonly runs: readonly PhaseRun[];
  readonly startedAt: EpochMs;
  readonly completions: readonly Completion[];
  /** What else is worth keeping of the runs, for people. */
  readonly metadata?: Readonly<Record<string, number | string>>;
}

/** What the history is told of runs that have made their outputs: each run, and each output that it made. */
export const recordsOf = (facts: ExecutionFacts): readonly RunRecord[] => facts.runs.flatMap((run) => [phaseRecord(run, facts), ...processorRecords(run, facts)]);

function phaseRecord(run: PhaseRun, { phase, flow, startedAt, completions, metadata }: ExecutionFacts): RunRecord {
  const rows = rowsOf(completions.filter(({ gameDate }) => gameDate === run.gameDate));
  return { kind: 'phase-run', runId: run.releaseId, name: phase, phase, flow, gameDate: run.gameDate, revision: run.revision, status: statusOf(run), startedAt, games: run.games.length, rows, metadata: { missing: run.missing, ...metadata } };
}

function processorRecords(run: PhaseRun, { phase, flow, startedAt, completions }: ExecutionFacts): readonly RunRecord[] {
  return outputsOf(phase, flow).map(({ name }) => {
    const own = completions.filter(({ gameDate, output }) => gameDate === run.gameDate && output === name);
    return { kind: 'processor-run', runId: `${run.releaseId}|${name}`, name, phase, flow, gameDate: run.gameDate, revision: run.revision, status: statusOf(run), startedAt, games: own.length, rows: rowsOf(own) };
  });
}

const statusOf = (run: PhaseRun): RunRecord['status'] => (run.isDegraded ? 'degraded' : 'complete');

/** The rows of some completions together. */
export const rowsOf = (completions: readonly Completion[]): number => completions.reduce((sum, { rowCount }) => sum + rowCount, 0);
