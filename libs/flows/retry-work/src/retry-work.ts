import { retriesPerHourMax } from '@handoff/catalogue';
import { hasCode, isoInstant, type EpochMs } from '@handoff/contracts';
import type { FlowContext, FlowReport, StateRef, VersionedDocument } from '@handoff/ports';
import { decideRetry, failTry, succeeded, withdrawn, type Evidence, type RetryDecision, type RetryItem } from '@handoff/retry';
import { changeItem, retryQueue, tellGivenUp, tryOf, type RetryDocument } from '@handoff/retry-queue';
import { promoteWaiting } from '@handoff/waiting-work';
import { loadEvidence } from './load-evidence.ts';

/** Items looked at in one run: more than can be active within the hour's budget and its waits. */
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
 * Looks at every item of the retry queue that is not at its end: closes those whose rows are there, ends tries that
 * came to nothing, and begins those that are due, longest waiting first, within the budget of the hour. An item that
 * somebody else changes meanwhile is left to the next run. Work that waits for a resource which nobody probes any more
 * gets a new probe.
 */
export async function retryWork(context: FlowContext): Promise<FlowReport> {
  const { ports } = context;
  const promoted = await promoteWaiting(ports, ports.clock.now());
  const documents = await ports.state.query<RetryDocument>({ collection: retryQueue, where: [{ field: 'isActive', operator: '==', value: true }], limit: itemsMax });
  if (documents.length === 0) return { outcome: promoted === 0 ? 'nothing-due' : 'retried', facts: { promoted } };
  const evidence = await loadEvidence(documents.map(({ value }) => value.item), ports);
  const counts: Counts = { withdrawn: 0, tried: 0, succeeded: 0, failed: 0, waiting: 0, overBudget: 0 };
  const asked = new Set<string>();
  for (const document of [...documents].sort(longestWaiting)) await settle(document, evidence, { counts, asked, context });
  await tellBudget(counts, context);
  return { outcome: promoted === 0 && counts.waiting + counts.overBudget === documents.length ? 'nothing-due' : 'retried', facts: { promoted, ...counts } };
}

const longestWaiting = ({ value: left }: VersionedDocument<RetryDocument>, { value: right }: VersionedDocument<RetryDocument>): number => (left.item.dueAt ?? 0) - (right.item.dueAt ?? 0);

interface Settling {
  readonly counts: Counts;
  /** Keys of the messages that this run has sent: what several items ask for is asked once. */
  readonly asked: Set<string>;
  readonly context: FlowContext;
}

async function settle(document: VersionedDocument<RetryDocument>, evidence: ReadonlyMap<RetryItem, Evidence>, settling: Settling): Promise<void> {
  const { item } = document.value;
  const { context: { ports, log } } = settling;
  const seen = evidence.get(item);
  if (seen === undefined) return;
  const decision = decideRetry(item, seen, ports.clock.now());
  try {
    await apply(document, decision, settling);
  } catch (error) {
    if (!hasCode(error, 'state-version-conflict')) throw error;
    log.info({ work: item.workKey }, 'item changed meanwhile');
  }
}

async function apply(document: VersionedDocument<RetryDocument>, decision: RetryDecision, { counts, asked, context: { ports } }: Settling): Promise<void> {
  const { item } = document.value;
  const now = ports.clock.now();
  switch (decision.verdict) {
    case 'wait':
      counts.waiting += 1;
      return;
    case 'succeed':
      await changeItem(ports, { document, item: succeeded(item, decision.resolution, now) });
      await ports.notifier.resolve('retries-exhausted', item.workKey, now);
      counts.succeeded += 1;
      return;
    case 'withdraw':
      await changeItem(ports, { document, item: withdrawn(item, decision.reason, now) });
      counts.withdrawn += 1;
      return;
    case 'fail': {
      const failed = failTry(item, decision.failure, { now, random: ports.random.next() });
      await changeItem(ports, { document, item: failed });
      if (failed.status === 'failed_permanent') await tellGivenUp(ports, failed);
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

async function tellBudget({ overBudget }: Counts, { ports: { notifier, clock } }: FlowContext): Promise<void> {
  const at = clock.now();
  if (overBudget === 0) await notifier.resolve('retry-budget-exhausted', 'retry queue', at);
  else await notifier.alert({ cause: 'retry-budget-exhausted', subject: 'retry queue', severity: 'warning', title: `${overBudget} pieces of work wait for the next hour's tries`, facts: { waiting: overBudget, perHourMax: retriesPerHourMax }, at });
}
