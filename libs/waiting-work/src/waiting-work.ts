import { after, hashOf, hasCode, minutes, type EpochMs, type PipelineError } from '@handoff/contracts';
import { outboxWrite, type OutboxEntry } from '@handoff/outbox';
import type { DelayQueue, OutgoingMessage, StateDocument, StateRef, StateStore, VersionedDocument } from '@handoff/ports';

/** `waiting_work`: messages that a fault of our own platform holds up, one document each. */
const waitingWork = 'waiting_work';
/** `waiting_resources`: what they wait for, and which of them is sent to see whether it works again. */
const waitingResources = 'waiting_resources';

/** How often a resource is probed that does not say when. A fault of any length costs twelve deliveries an hour, however much waits. */
const probeEvery = minutes(5);
/** A probe of which nothing is heard for this long after it was sent is given up, and another message takes its place. */
const probeLease = minutes(10);
/** Documents that are moved at once: each is a delete and a write of the 500 that a batch may have. */
const movedMax = 200;
/** Messages that are read at once: the longest waiting. */
const waitingMax = 5_000;

interface ResourceDocument extends StateDocument {
  readonly resource: string;
  readonly code: string;
  readonly since: EpochMs;
  readonly probe: { readonly topic: string; readonly key: string };
  readonly probedUntil: EpochMs;
}

interface WaitingDocument extends StateDocument {
  readonly resource: string;
  readonly topic: string;
  readonly message: OutgoingMessage;
  readonly since: EpochMs;
}

interface WaitingPorts {
  readonly state: StateStore;
  readonly delays: DelayQueue;
}

export interface HeldUp {
  readonly resource: string;
  readonly code: string;
  readonly topic: string;
  readonly message: OutgoingMessage;
  /** Before it nobody is let through; absent where that is not known. */
  readonly until?: EpochMs | undefined;
}

/**
 * What an error is about that one message may probe for all: `warehouse nba_raw.nbac_schedule`, `bus phase3-trigger`,
 * `state`, `breaker service balldontlie`. Errors of one resource end together.
 */
export function resourceOf({ code, facts }: Pick<PipelineError, 'code' | 'facts'>): string {
  const [area = code] = code.split('-');
  const detail = [facts['table'], facts['topic'], facts['resource'], facts['scraper']].find((fact) => typeof fact === 'string');
  return detail === undefined ? area : `${area} ${detail}`;
}

/**
 * Keeps a message until its resource works again. The first one is the probe: it is delivered again after five minutes,
 * or when the resource may be tried, and when it comes through, the others follow at once. They wait without being delivered. Idempotent by topic and key.
 * The message is durable when this returns.
 */
export async function waitForResource({ state, delays }: WaitingPorts, held: HeldUp, now: EpochMs): Promise<'probes' | 'waits'> {
  const { resource, topic, message } = held;
  const ref = resourceRef(resource);
  const probedAt = held.until ?? after(now, probeEvery);
  const isProbe = await state.transact([ref], ([known]) => {
    const before = known?.value as ResourceDocument | undefined;
    const isOurs = before?.probe.topic === topic && before.probe.key === message.key;
    if (before !== undefined && !isOurs && before.probedUntil > now) return { writes: [], result: false };
    return { writes: [{ kind: 'set', ref, value: probing(held, before?.since ?? now, probedAt) }], result: true };
  });
  if (isProbe) {
    await delays.schedule(topic, { ...message, probe: resource }, probedAt);
    return 'probes';
  }
  await createOnce(state, waitingRef(held), { resource, topic, message: withoutProbe(message), since: now } satisfies WaitingDocument);
  return 'waits';
}

/**
 * Sends everything on that waits for a resource, and forgets that it failed; tells how many messages
 * that were. What a crash leaves is promoted by `promoteWaiting`.
 */
export async function releaseWaiting({ state }: Pick<WaitingPorts, 'state'>, resource: string, now: EpochMs): Promise<number> {
  let released = 0;
  for (;;) {
    // What was moved on is gone: the next look finds others.
    const waiting = await waitingFor(state, resource, waitingMax);
    for (let first = 0; first < waiting.length; first += movedMax) await moveOn(state, waiting.slice(first, first + movedMax), now);
    released += waiting.length;
    if (waiting.length < waitingMax) break;
  }
  await state.batch([{ kind: 'delete', ref: resourceRef(resource) }]);
  return released;
}

const waitingFor = (state: StateStore, resource: string, limit: number): Promise<readonly VersionedDocument<WaitingDocument>[]> =>
  state.query<WaitingDocument>({ collection: waitingWork, where: [{ field: 'resource', operator: '==', value: resource }], limit });

/** A message that is in the outbox already needs no second place there: the batch is made again without it. */
async function moveOn(state: StateStore, waiting: readonly VersionedDocument<WaitingDocument>[], now: EpochMs): Promise<void> {
  const entries = waiting.map(({ value: { topic, message } }): OutboxEntry => ({ topic: topic as OutboxEntry['topic'], message }));
  try {
    await state.batch(waiting.flatMap(({ ref }, index) => [{ kind: 'delete' as const, ref }, ...entries.slice(index, index + 1).map((entry) => outboxWrite(entry, now))]));
  } catch (error) {
    if (!hasCode(error, 'state-already-exists')) throw error;
    if (waiting.length === 1) await state.batch(waiting.map(({ ref }) => ({ kind: 'delete', ref })));
    else for (const one of waiting) await moveOn(state, [one], now);
  }
}

export interface Promoted {
  /** How many messages have become probes. */
  readonly promoted: number;
  /** Resources of which no more is known to be wrong. */
  readonly forgotten: readonly string[];
}

/**
 * Makes the longest waiting message of every resource that nobody probes its probe: where the last one was given up,
 * ended in another way, or its release was cut off. A resource that nobody probes and nothing waits for is forgotten:
 * whoever needs it next finds out how it is.
 */
export async function promoteWaiting(ports: WaitingPorts, now: EpochMs): Promise<Promoted> {
  const waiting = await ports.state.query<WaitingDocument>({ collection: waitingWork, orderBy: { field: 'since', direction: 'asc' }, limit: waitingMax });
  const oldest = new Map<string, VersionedDocument<WaitingDocument>>();
  for (const document of waiting) if (!oldest.has(document.value.resource)) oldest.set(document.value.resource, document);
  const lapsed = await ports.state.query<ResourceDocument>({ collection: waitingResources, where: [{ field: 'probedUntil', operator: '<=', value: now }] });
  // Behind as many older messages of others, a resource's own are not among those that were read.
  for (const { value: { resource } } of lapsed) for (const document of oldest.has(resource) ? [] : await waitingFor(ports.state, resource, 1)) oldest.set(resource, document);
  let promoted = 0;
  for (const [resource, document] of oldest) {
    const known = await ports.state.get<ResourceDocument>(resourceRef(resource));
    if (known !== undefined && known.value.probedUntil > now) continue;
    await promote(ports, document, { known, now });
    promoted += 1;
  }
  return { promoted, forgotten: await forgetUnprobed(ports.state, lapsed.filter(({ value }) => !oldest.has(value.resource))) };
}

async function forgetUnprobed(state: StateStore, unprobed: readonly VersionedDocument<ResourceDocument>[]): Promise<readonly string[]> {
  if (unprobed.length > 0) await state.batch(unprobed.map(({ ref }) => ({ kind: 'delete', ref })));
  return unprobed.map(({ value }) => value.resource);
}

interface Promotion {
  readonly known: VersionedDocument<ResourceDocument> | undefined;
  readonly now: EpochMs;
}

async function promote({ state, delays }: WaitingPorts, { ref, value }: VersionedDocument<WaitingDocument>, { known, now }: Promotion): Promise<void> {
  const { resource, topic, message, since } = value;
  // Scheduled first: a crash in between makes a second probe of it, which its receiver takes for the same message.
  await delays.schedule(topic, { ...message, probe: resource }, now);
  const next = probing({ resource, topic, message, code: known?.value.code ?? 'unknown' }, known?.value.since ?? since, now);
  await state.batch([{ kind: 'set', ref: resourceRef(resource), value: next }, { kind: 'delete', ref }]);
}

const withoutProbe = ({ key, payload, correlationId, orderingKey, redrive }: OutgoingMessage): OutgoingMessage => ({
  key, payload, correlationId, ...(orderingKey === undefined ? {} : { orderingKey }), ...(redrive === undefined ? {} : { redrive }),
});

const probing = ({ resource, code, topic, message }: HeldUp, since: EpochMs, probedAt: EpochMs): ResourceDocument => ({ resource, code, since, probe: { topic, key: message.key }, probedUntil: after(probedAt, probeLease) });

async function createOnce(state: StateStore, ref: StateRef, value: StateDocument): Promise<void> {
  try {
    await state.create(ref, value);
  } catch (error) {
    if (!hasCode(error, 'state-already-exists')) throw error;
  }
}

const resourceRef = (resource: string): StateRef => ({ collection: waitingResources, id: hashOf(resource).slice(0, 32) });
const waitingRef = ({ resource, topic, message }: HeldUp): StateRef => ({ collection: waitingWork, id: hashOf(`${resource}|${topic}|${message.key}`).slice(0, 32) });
