import { hasCode, PipelineError, type PredictionsReady } from '@handoff/contracts';
import { commitWithOutbox } from '@handoff/outbox';
import { announcement, notePulse } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, VersionedDocument } from '@handoff/ports';
import { answerKey, answerRef, batchRef, type AnswerDocument, type BatchDocument } from '@handoff/prediction-batches';
import { answeredPlayers, isWhole, loadAnswers, unansweredOf, type BatchState } from './batch-facts.ts';
import { endBatch, endReport } from './end-batch.ts';
import { resolveStalled } from './resolve-stalled.ts';

/**
 * Notes what became of a request's players, and ends the batch when every request is answered for every player. Of
 * collectors that find that at once one announces the batch. What comes after a batch was announced without it is
 * announced by itself: the gate behind takes it as newer content.
 *
 * @throws `prediction-batch-unknown` (reject) for an answer to no batch or request of ours.
 */
export async function collectPredictions(ready: PredictionsReady, context: FlowContext): Promise<FlowReport> {
  const { state, notifier, clock } = context.ports;
  const { triggerId, requestId } = ready;
  await noteAnswer(ready, context);
  await notifier.resolve('prediction-worker-silent', requestId, clock.now());
  const batch = await state.get<BatchDocument>(batchRef(triggerId));
  if (batch === undefined) throw unknownBatch(ready);
  const answers = await loadAnswers(state, triggerId);
  switch (batch.value.status) {
    case 'complete':
      return endReport(batch.value, answers);
    case 'incomplete':
      if (!batch.value.without.includes(requestId)) return endReport(batch.value, answers);
      return addLate({ ready, batch, answers }, context);
    case 'open':
      return endIfWhole({ batch, answers }, context);
  }
}

/** Of collectors that find the batch whole one ends it; one that another answer has overtaken leaves it to that answer. */
async function endIfWhole({ batch, answers }: Omit<LateAnswer, 'ready'>, context: FlowContext): Promise<FlowReport> {
  const standing = isWhole(batch.value, answers) ? await endBatch(batch, answers, context) : batch.value;
  if (standing.status === 'open') return { outcome: 'waiting', facts: { answered: answers.size, requests: standing.requests.length } };
  return endReport(standing, answers);
}

/**
 * A later sending's answer takes the place of an earlier one's, never the other way round. The batch is written with
 * it: whoever is about to end the batch by the answers that it has read is refused, and reads again.
 */
async function noteAnswer(ready: PredictionsReady, { ports: { state, clock } }: FlowContext): Promise<void> {
  const { triggerId, requestId, completions, players, attempt } = ready;
  const ref = answerRef(requestId);
  const answeredAt = clock.now();
  const isOurs = await state.transact([batchRef(triggerId), ref], ([batch, known]) => {
    const request = (batch?.value as BatchDocument | undefined)?.requests.find((candidate) => candidate.requestId === requestId);
    if (batch === undefined || request === undefined) return { writes: [], result: false };
    if (known !== undefined && (known.value as AnswerDocument).attempt >= attempt) return { writes: [], result: true };
    const value: AnswerDocument = { triggerId, completions, players: answeredPlayers(request, players), attempt, answeredAt };
    return { writes: [{ kind: 'set', ref, value }, { kind: 'set', ref: batch.ref, value: { ...batch.value, answeredAt } }], result: true };
  }, { attemptsMax: writersMax });
  if (!isOurs) throw unknownBatch(ready);
}

/** As many answers may come at once as a batch has requests: two on a full night. */
const writersMax = 10;

const unknownBatch = ({ triggerId, requestId }: PredictionsReady): PipelineError =>
  new PipelineError({ code: 'prediction-batch-unknown', disposition: 'reject', message: `no prediction batch ${triggerId} with request ${requestId}`, facts: { triggerId, requestId } });

interface LateAnswer {
  readonly ready: PredictionsReady;
  readonly batch: VersionedDocument<BatchDocument>;
  readonly answers: BatchState['answers'];
}

/** Announces an answer that its batch went ahead without, under the key of the answer; the batch is complete with the last of them. */
async function addLate({ ready, batch, answers }: LateAnswer, context: FlowContext): Promise<FlowReport> {
  const { ports } = context;
  const { trigger, correlationId } = batch.value;
  const without = unansweredOf(batch.value, answers);
  const isComplete = without.length === 0;
  await notePulse(ports.state);
  const entries = announcement({ ...trigger, phase: 'phase5', sourceVersionAt: ready.run.sourceVersionAt }, { completions: ready.completions, correlationId, key: answerKey(ready.requestId, ready.attempt) });
  const now = ports.clock.now();
  const ended: BatchDocument = { ...batch.value, status: isComplete ? 'complete' : 'incomplete', without };
  try {
    await commitWithOutbox(ports, { now, entries, writes: [{ kind: 'update', ref: batch.ref, value: ended, expectedVersion: batch.version }] });
  } catch (error) {
    // Another late answer was first, or this one's announcement is in the outbox: the message comes again, and finds the batch as it is then.
    if (!hasCode(error, 'state-version-conflict') && !hasCode(error, 'state-already-exists')) throw error;
    throw new PipelineError({ code: 'prediction-batch-busy', disposition: 'retry', message: `another answer to ${trigger.triggerId} is being added: this one is added when it comes again`, facts: { triggerId: trigger.triggerId }, cause: error });
  }
  if (isComplete) await resolveStalled(ended, ports, now);
  return { ...endReport(ended, answers), outcome: 'added-late' };
}
