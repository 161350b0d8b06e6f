import { predictionBatchPolicy, subscriptions, type PredictionBatchPolicy } from '@handoff/catalogue';
import { hasCode } from '@handoff/contracts';
import { commitWithOutbox } from '@handoff/outbox';
import type { FlowContext, FlowReport, RunRecord, VersionedDocument } from '@handoff/ports';
import { batchRef, openBatches, type BatchDocument } from '@handoff/prediction-batches';
import { factsOf, loadBatchState, missingOf, type BatchState } from './batch-facts.ts';
import { decideBatch, type BatchDecision } from './decide-batch.ts';
import { endBatch, endedRuns } from './end-batch.ts';
import { sendingOf } from './send-request.ts';

/** Open batches looked at in one run: one per date and revision, so a season of them. */
const batchesMax = 200;

type OpenBatch = VersionedDocument<BatchDocument>;

/**
 * Looks at every batch that is open: ends those that are whole, or nearly so and at a standstill, sends again what no
 * living worker has in hand, and tells people (docs/adr/0026-stalled-prediction-batches.md). A batch that an answer
 * changes meanwhile is left to the next run. Idempotent: a second run in the same moment finds what the first did.
 */
export async function checkBatches(context: FlowContext, policy: PredictionBatchPolicy = predictionBatchPolicy): Promise<FlowReport> {
  const open = await context.ports.state.query({ collection: openBatches, limit: batchesMax });
  if (open.length === 0) return { outcome: 'nothing-due' };
  const counts = { complete: 0, 'end-without': 0, 'send-again': 0, wait: 0 };
  const ended: RunRecord[] = [];
  for (const { ref } of open) {
    const batch = await context.ports.state.get<BatchDocument>(batchRef(ref.id));
    if (batch?.value.status !== 'open') continue;
    const state = await loadBatchState(context.ports.state, batch.value.trigger.triggerId);
    const decision = decideBatch(factsOf(batch.value, state), policy, context.ports.clock.now());
    await tellSilent(batch, decision, { state, context });
    ended.push(...(await apply(batch, decision, { state, context })));
    counts[decision.verdict] += 1;
  }
  const acted = counts.complete + counts['end-without'] + counts['send-again'];
  return { outcome: acted === 0 ? 'nothing-due' : 'checked', facts: { open: open.length, ...counts }, ended };
}

interface Checking {
  readonly state: BatchState;
  readonly context: FlowContext;
}

/** Does what was decided, and tells of the runs that ended with it. */
async function apply(batch: OpenBatch, decision: BatchDecision, { state, context }: Checking): Promise<readonly RunRecord[]> {
  if (decision.isStalled) await tellStalled(batch, decision, { state, context });
  switch (decision.verdict) {
    case 'wait':
      return [];
    case 'send-again':
      await sendAgain(batch, decision.requests, context);
      return [];
    case 'complete':
    case 'end-without': {
      const standing = await endBatch(batch, state.answers, context);
      return standing.status === 'open' ? [] : endedRuns(standing, state.answers);
    }
  }
}

async function sendAgain(batch: OpenBatch, requestIds: readonly string[], { ports, log }: FlowContext): Promise<void> {
  const now = ports.clock.now();
  const requests = batch.value.requests.map((request) => (requestIds.includes(request.requestId) ? { ...request, attempt: request.attempt + 1, sentAt: now } : request));
  const sent: BatchDocument = { ...batch.value, requests };
  const entries = requests.filter(({ requestId }) => requestIds.includes(requestId)).map((request) => sendingOf(sent, request));
  try {
    await commitWithOutbox(ports, { now, entries, writes: [{ kind: 'update', ref: batch.ref, value: sent, expectedVersion: batch.version }] });
  } catch (error) {
    if (!hasCode(error, 'state-version-conflict')) throw error;
    log.info({ triggerId: batch.value.trigger.triggerId }, 'batch changed meanwhile');
  }
}

async function tellStalled({ value: batch }: OpenBatch, { verdict, share }: BatchDecision, { state, context: { ports } }: Checking): Promise<void> {
  const { trigger: { triggerId }, requests } = batch;
  const missing = missingOf(batch, state);
  const facts = {
    triggerId, verdict, worker, answeredPercent: Math.floor(share * 100), missing: missing.slice(0, namesMax), missingCount: missing.length,
    requests: requests.filter(({ requestId }) => !state.answers.has(requestId)).map(({ requestId, attempt }) => `${requestId} (sent ${attempt} times)`),
  };
  await ports.notifier.alert({ cause: 'prediction-batch-stalled', subject: triggerId, severity: 'error', title: `predictions stand still: ${missing.length} players of ${triggerId}`, facts, at: ports.clock.now() });
}

/** Who is waited for: an incident about it explains the standstill. */
const worker = subscriptions.find(({ topic }) => topic === 'prediction-requests')?.function ?? null;

/** As many names as people read. */
const namesMax = 20;

async function tellSilent({ value: { trigger } }: OpenBatch, { silent }: BatchDecision, { state, context: { ports } }: Checking): Promise<void> {
  for (const requestId of silent) {
    const heartbeat = state.heartbeats.get(requestId);
    const facts = { triggerId: trigger.triggerId, requestId, stage: heartbeat?.stage ?? null, beatAt: heartbeat?.beatAt ?? null };
    await ports.notifier.alert({ cause: 'prediction-worker-silent', subject: requestId, severity: 'warning', title: `a prediction worker is silent: ${requestId}`, facts, at: ports.clock.now() });
  }
}
