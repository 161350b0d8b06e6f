import { epochMs, hasCode, type GameDate, type PhaseRun } from '@handoff/contracts';
import { commitWithOutbox } from '@handoff/outbox';
import { announcement, notePulse, recordsOf, rowsOf } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, RunRecord, VersionedDocument } from '@handoff/ports';
import { openRef, type BatchDocument } from '@handoff/prediction-batches';
import { missingOf, unansweredOf, type BatchState } from './batch-facts.ts';
import { resolveStalled } from './resolve-stalled.ts';

type Answers = BatchState['answers'];

/**
 * Ends a batch once: its end and its announcement are one atomic batch, so of any number of collectors one announces,
 * and a crash behind it leaves the message to the outbox. The others find the batch ended.
 *
 * @returns the batch as it stands after, whoever ended it.
 */
export async function endBatch(batch: VersionedDocument<BatchDocument>, answers: Answers, { ports }: FlowContext): Promise<BatchDocument> {
  const { state, clock, notifier } = ports;
  const { trigger, correlationId } = batch.value;
  const now = clock.now();
  const without = unansweredOf(batch.value, answers);
  const ended: BatchDocument = { ...batch.value, status: without.length === 0 ? 'complete' : 'incomplete', without };
  await notePulse(state);
  try {
    const entries = announcement({ ...trigger, phase: 'phase5', sourceVersionAt: newest(trigger.runs) }, { completions: completionsOf(ended, answers), correlationId });
    await commitWithOutbox(ports, { now, entries, writes: [{ kind: 'update', ref: batch.ref, value: ended, expectedVersion: batch.version }, { kind: 'delete', ref: openRef(trigger.triggerId) }] });
  } catch (error) {
    const other = hasCode(error, 'state-version-conflict') ? await state.get<BatchDocument>(batch.ref) : undefined;
    if (other === undefined) throw error;
    return other.value;
  }
  if (ended.status === 'complete') await resolveStalled(ended, { state, notifier }, now);
  return ended;
}

const newest = (runs: readonly PhaseRun[]) => epochMs(Math.max(...runs.map(({ sourceVersionAt }) => sourceVersionAt)));

const completionsOf = ({ requests }: BatchDocument, answers: Answers) => requests.flatMap(({ requestId }) => answers.get(requestId)?.completions ?? []);

/** What the history is told of a batch's runs. One that was announced without some is degraded, and names them; one of which nothing came has failed. */
export function endedRuns(batch: BatchDocument, answers: Answers): readonly RunRecord[] {
  const { trigger: { flow, runs }, requests, startedAt, status } = batch;
  const missing = missingOf(batch, { answers });
  const asMade = status === 'complete' ? runs : runs.map((run): PhaseRun => ({ ...run, isDegraded: true, missing: [...run.missing, ...missing] }));
  const records = recordsOf({ phase: 'phase5', flow, runs: asMade, startedAt, completions: completionsOf(batch, answers) });
  const isAnswered = (date: GameDate): boolean => requests.some(({ requestId, gameDate }) => gameDate === date && answers.has(requestId));
  return status === 'complete' ? records : records.map((record) => (isAnswered(record.gameDate) ? record : { ...record, status: 'failed' }));
}

/** What a flow says when its batch has ended; a repetition says the same. */
export function endReport(batch: BatchDocument, answers: Answers): FlowReport {
  const completions = completionsOf(batch, answers);
  const { trigger: { triggerId }, status } = batch;
  return {
    outcome: status === 'complete' ? 'batch-complete' : 'batch-incomplete',
    facts: { triggerId, games: completions.length, rows: rowsOf(completions), missing: missingOf(batch, { answers }).length },
    ended: endedRuns(batch, answers),
  };
}
