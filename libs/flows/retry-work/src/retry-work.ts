import { retriesPerHourMax } from '@handoff/catalogue';
import { hasCode, isoInstant, type EpochMs } from '@handoff/contracts';
import type { FlowContext, FlowReport, StateRef, VersionedDocument } from '@handoff/ports';
import { decideGivenUp, decideRetry, failTry, isActive, isLate, succeeded, withdrawn, type Evidence, type RetryDecision, type RetryItem } from '@handoff/retry';
import { changeItem, retryQueue, tellGivenUp, tryOf, type RetryDocument } from '@handoff/retry-queue';
import { promoteWaiting } from '@handoff/waiting-work';
import { loadEvidence } from './load-evidence.ts';

/** Items looked at in one run, those first that are due first: what is left is looked at by the next, and told in the log. */
const itemsMax = 1_000;

interface Counts {
  withdrawn: number;
  tried: number;
  succeeded: number;
  failed: number;
  waiting: number;
  overBudget: number;
}

/**
 * Looks at every item of the retry queue that is not at its end, or was given up lately: closes those whose work is done, ends tries that
 * came to nothing, and begins those that are due, longest waiting first, within the budget of the hour. An item that
 * somebody else changes meanwhile is left to the next run. Work that waits for a resource which nobody probes any more
 * gets a new probe.
 */
export async function retryWork(context: FlowContext): Promise<FlowReport> {
  const { ports } = context;
  // One moment for the whole run: what several items ask for at one moment is one request.
  const now = ports.clock.now();
  const { promoted, forgotten } = await promoteWaiting(ports, now);
  for (const resource of forgotten) await ports.notifier.resolve('platform-fault', resource, now);
  const documents = await ports.state.query<RetryDocument>({ collection: retryQueue, where: [{ field: 'dueAt', operator: '>', value: 0 }], orderBy: { field: 'dueAt', direction: 'asc' }, limit: itemsMax });
  const counts: Counts = { withdrawn: 0, tried: 0, succeeded: 0, failed: 0, waiting: 0, overBudget: 0 };
  const givenUp = await ports.state.query<RetryDocument>({ collection: retryQueue, where: [{ field: 'watchedUntil', operator: '>', value: now }], limit: itemsMax });
  if (documents.length === itemsMax || givenUp.length === itemsMax) context.log.warn({ active: documents.length, givenUp: givenUp.length }, 'not every item of the retry queue is looked at');
  const looked = [...documents, ...givenUp];
  if (looked.length > 0) await settleAll(looked, { counts, asked: new Set(), now, context });
  await tellBudget(counts, now, context);
  const isIdle = promoted === 0 && counts.waiting + counts.overBudget === looked.length;
  return { outcome: isIdle ? 'nothing-due' : 'retried', facts: looked.length === 0 ? { promoted } : { promoted, ...counts } };
}

async function settleAll(documents: readonly VersionedDocument<RetryDocument>[], settling: Settling): Promise<void> {
  const evidence = await loadEvidence(documents.map(({ value }) => value.item), settling.context);
  for (const document of [...documents].sort(longestWaiting)) await settle(document, evidence, settling);
}

const longestWaiting = ({ value: left }: VersionedDocument<RetryDocument>, { value: right }: VersionedDocument<RetryDocument>): number => (left.item.dueAt ?? 0) - (right.item.dueAt ?? 0);

interface Settling {
  readonly counts: Counts;
  /** Keys of the messages that this run has sent: what several items ask for is asked once. */
  readonly asked: Set<string>;
  readonly now: EpochMs;
  readonly context: FlowContext;
}

async function settle(document: VersionedDocument<RetryDocument>, evidence: ReadonlyMap<RetryItem, Evidence>, settling: Settling): Promise<void> {
  const { item } = document.value;
  const { counts, now, context: { log } } = settling;
  const seen = evidence.get(item);
  if (seen === undefined) return;
  const decision = isActive(item) ? decideRetry(item, seen, now) : decideGivenUp(item, seen, now);
  try {
    await apply(document, decision, settling);
  } catch (error) {
    // The message of its last try has not left the outbox, as when its topic is missing: no reason to hold up the others.
    const isUnsent = hasCode(error, 'state-already-exists');
    if (!isUnsent && !hasCode(error, 'state-version-conflict')) throw error;
    if (isUnsent) counts.waiting += 1;
    log.info({ work: item.workKey }, isUnsent ? 'its message waits in the outbox still' : 'item changed meanwhile');
  }
}

async function apply(document: VersionedDocument<RetryDocument>, decision: RetryDecision, { counts, asked, now, context: { ports } }: Settling): Promise<void> {
  const { item } = document.value;
  switch (decision.verdict) {
    case 'wait':
      counts.waiting += 1;
      return;
    case 'succeed':
      // Told first, as below: after the change nobody would look at it again.
      await ports.notifier.resolve('retries-exhausted', item.workKey, now);
      await changeItem(ports, { document, item: succeeded(item, decision.resolution, now) });
      counts.succeeded += 1;
      return;
    case 'withdraw':
      if (isLate(item)) await ports.notifier.resolve('retries-exhausted', item.workKey, now);
      await changeItem(ports, { document, item: withdrawn(item, decision.reason, now) });
      counts.withdrawn += 1;
      return;
    case 'fail': {
      const failed = failTry(item, decision.failure, { now, random: ports.random.next() });
      // Told first: after the change nobody would look at it again, and a crash in between would leave it untold.
      if (failed.status === 'failed_permanent') await tellGivenUp(ports, failed);
      // Of what was refused people are told by the refusal.
      if (failed.failure.type === 'permanent' && isLate(item)) await ports.notifier.resolve('retries-exhausted', item.workKey, now);
      await changeItem(ports, { document, item: failed });
      counts.failed += 1;
      return;
    }
    case 'try': {
      if (!(await isWithinBudget(ports.state, now))) {
        counts.overBudget += 1;
        return;
      }
      const { item: tried, entry } = tryOf(item, now);
      await changeItem(ports, { document, item: tried, entries: asked.has(entry.message.key) ? [] : [entry] });
      asked.add(entry.message.key);
      counts.tried += 1;
    }
  }
}

/** The tries of an hour are counted before they are made: a crash in between costs one of them, and never makes one too many. */
async function isWithinBudget(state: FlowContext['ports']['state'], now: EpochMs): Promise<boolean> {
  const ref: StateRef = { collection: 'retry_budgets', id: isoInstant(now).slice(0, 13) };
  return state.transact([ref], ([known]) => {
    const used = Number(known?.value['used'] ?? 0);
    if (used >= retriesPerHourMax) return { writes: [], result: false };
    return { writes: [{ kind: 'set', ref, value: { used: used + 1 } }], result: true };
  });
}

async function tellBudget({ overBudget }: Counts, at: EpochMs, { ports: { notifier } }: FlowContext): Promise<void> {
  if (overBudget === 0) await notifier.resolve('retry-budget-exhausted', 'retry queue', at);
  else await notifier.alert({ cause: 'retry-budget-exhausted', subject: 'retry queue', severity: 'warning', title: `${overBudget} pieces of work wait for the next hour's tries`, facts: { waiting: overBudget, perHourMax: retriesPerHourMax }, at });
}
