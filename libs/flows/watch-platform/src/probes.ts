import { canaryAbsenceBelievedAfter, canaryPatience } from '@handoff/catalogue';
import { elapsed, hasCode, isoInstant, PipelineError, type EpochMs, type Sport } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import type { ProbeResult } from '@handoff/watch';
import { readCanary } from './canary-file.ts';
import type { Notebook, ProbedPart } from './notebook.ts';
import probeWarehouse from './probe-warehouse.sql';

/** What a round has seen, and what it has left for the next. */
export interface Seen {
  readonly results: Readonly<Record<Exclude<ProbedPart, 'objects'>, ProbeResult>>;
  readonly canaryAt: EpochMs | null;
  readonly probeId: string | null;
}

const collection = 'watchdog';

/** Looks at state, warehouse and bus, each by itself. */
export async function lookAtPlatform(ports: Ports, notebook: Notebook, { sport, now }: { readonly sport: Sport; readonly now: EpochMs }): Promise<Seen> {
  const probeId = `probe-${now}`;
  const state = await looked(() => createProbe(ports, notebook.probeId, probeId));
  const warehouse = await looked(async () => { await ports.warehouse.query({ name: 'probe-warehouse', text: probeWarehouse }); });
  const sent = await looked(async () => { await ports.bus.publish('watchdog-canary', { key: `canary-${now}`, correlationId: `watchdog-${now}`, payload: { sport, publishedAt: now } }); });
  const bus = sent.kind === 'failed' ? sent : await canaryResult(ports, notebook, now);
  return { results: { state, warehouse, bus }, canaryAt: sent.kind === 'failed' ? null : now, probeId: state.kind === 'failed' ? notebook.probeId : probeId };
}

/** A read, and a document of a new name: what every hand-off needs. The one before it is deleted with it. */
async function createProbe({ state }: Ports, before: string | null, probeId: string): Promise<void> {
  await state.get({ collection, id: probeId });
  try {
    await state.batch([{ kind: 'create', ref: { collection, id: probeId }, value: {} }, ...(before === null || before === probeId ? [] : [{ kind: 'delete' as const, ref: { collection, id: before } }])]);
  } catch (error) {
    // A round that was asked for twice.
    if (!hasCode(error, 'state-already-exists')) throw error;
  }
}

/** Whether the message of the round before has come back. What is too young to be missed is not. */
async function canaryResult({ objects }: Ports, { canaryAt, parts }: Notebook, now: EpochMs): Promise<ProbeResult> {
  if (canaryAt === null || elapsed(canaryAt, now) < canaryPatience) return { kind: 'unseen' };
  const read: { newest?: EpochMs | undefined } = {};
  const result = await looked(async () => { read.newest = await readCanary(objects); });
  const { newest } = read;
  if (newest !== undefined && newest >= canaryAt) return { kind: 'well' };
  // Where the object store does not say, or may have lost what it had, nothing is known of the bus.
  const { wellSince } = parts.objects;
  const isKnown = newest !== undefined || (wellSince !== null && elapsed(wellSince, now) >= canaryAbsenceBelievedAfter);
  if (result.kind === 'failed' || !isKnown) return { kind: 'unseen' };
  return { kind: 'failed', code: 'bus-unavailable', disposition: 'retry', message: `the message that was published at ${isoInstant(canaryAt)} has not come back`, facts: { topic: 'watchdog-canary', newestSeen: newest === undefined ? null : isoInstant(newest) } };
}

/** A look as a result: an error that the adapters know is what was looked for, any other is a bug. */
export async function looked(look: () => Promise<void>): Promise<ProbeResult> {
  try {
    await look();
    return { kind: 'well' };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const { code, message, disposition, facts } = error;
    return { kind: 'failed', code, message, disposition, facts };
  }
}
