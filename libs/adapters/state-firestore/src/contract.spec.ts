import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { days, parseInstant, PipelineError } from '@handoff/contracts';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import { startEmulator } from '@handoff/google-emulators';
import { IncidentNotifier } from '@handoff/notifier-state';
import type { CompositeIndex, DocumentLifetime, StateRef, StateStore, StateWrite } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment } from '@handoff/state-embedded';
import { describeDelayQueueContract, describeNotifierContract, describeStateStoreContract, KeepingBus, ManualClock, skipWithout, type ContractDelays, type ContractNotifier, type Opened } from '@handoff/testing';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openFirestoreCalls, type FirestoreCalls } from './firestore-calls.ts';
import { FirestoreStateStore } from './firestore-state-store.ts';

const emulator = await startEmulator('firestore');
beforeEach((context) => { if (emulator.kind === 'not-installed') skipWithout('emulators', emulator.reason, context); });
afterAll(async () => { if (emulator.kind === 'running') await emulator.stop(); });

/** What the suite's own queries need: the catalogue's need none. */
const indexes: readonly CompositeIndex[] = [
  { collection: 'things', fields: [{ field: 'team', direction: 'asc' }, { field: 'points', direction: 'asc' }] },
  { collection: 'things', fields: [{ field: 'points', direction: 'desc' }, { field: '__name__', direction: 'asc' }] },
];

const clock = new ManualClock();
/** The suite's own collection expires, so that all of it holds of one that does. */
const lifetimes: readonly DocumentLifetime[] = [
  { collection: 'things', keptForMs: days(7) },
  { collection: 'tasks', keptForMs: days(7), isOver: ({ status }) => status === 'done' },
];

const newProject = (): string => `spec-${crypto.randomUUID().slice(0, 20)}`;

/** One commit after another, as they were asked for. */
function inOrder(calls: FirestoreCalls): FirestoreCalls {
  let last: Promise<unknown> = Promise.resolve();
  return {
    documentsRoot: calls.documentsRoot,
    read: (...call) => calls.read(...call),
    run: (...call) => calls.run(...call),
    list: (...call) => calls.list(...call),
    close: () => calls.close(),
    commit: (...call) => {
      const done = last.then(() => calls.commit(...call));
      last = done.catch(() => undefined);
      return done;
    },
  };
}

function open(projectId: string, wrapped: (calls: FirestoreCalls) => FirestoreCalls = (calls) => calls): Opened<StateStore> {
  if (emulator.kind === 'not-installed') throw new Error(emulator.reason);
  const state = new FirestoreStateStore(wrapped(openFirestoreCalls({ projectId, emulator })), { indexes, lifetimes, clock });
  return {
    subject: state,
    close: () => state.close(),
    reopen: async () => {
      await state.close();
      return open(projectId, wrapped);
    },
    // A process that dies takes its client with it; what is stored is Firestore's.
    crash: async () => open(projectId, wrapped),
  };
}

describeStateStoreContract('Firestore', async () => open(newProject()), async () => open(newProject(), inOrder));

/** What is built on a state store, as it is on this one. */
function on<Subject>(state: Opened<StateStore>, build: (state: StateStore) => Subject): Opened<Subject> {
  return {
    subject: build(state.subject),
    close: () => state.close(),
    reopen: async () => on(await state.reopen(), build),
    crash: async () => on(await state.crash(), build),
  };
}

describeDelayQueueContract('The queue in Firestore', async () => on(open(newProject()), (state): ContractDelays => {
  const bus = new KeepingBus();
  return { delays: new StateDelayQueue(state, bus), published: () => bus.published, interceptPublish: (key, instead) => { bus.intercepts.set(key, instead); } };
}));

describeNotifierContract('The recording notifier on Firestore', async () => on(open(newProject()), (state): ContractNotifier => {
  const notifier = new IncidentNotifier({ state });
  return { notifier, incidents: () => notifier.incidents() };
}));

/** Batches of any writes to three documents; an update names the version that is read at that moment, or an older one. */
const anyWrite = fc.record({ kind: fc.constantFrom('create', 'update', 'set', 'delete'), id: fc.constantFrom('a', 'b', 'c'), isStale: fc.boolean(), value: fc.nat(3) });
const anyBatches = fc.array(fc.array(anyWrite, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
type AnyWrite = typeof anyWrite extends fc.Arbitrary<infer Write> ? Write : never;

async function outcomesOf(state: StateStore, batches: readonly (readonly AnyWrite[])[]): Promise<readonly unknown[]> {
  const outcomes: unknown[] = [];
  for (const batch of batches) {
    const known = new Map((await state.query({ collection: 'things' })).map(({ ref: { id }, version }) => [id, version]));
    const writes = batch.map(({ kind, id, isStale, value }): StateWrite => {
      const ref = { collection: 'things', id };
      if (kind === 'delete') return { kind, ref };
      return kind === 'update' ? { kind, ref, value: { value }, expectedVersion: isStale ? '1.0' : (known.get(id) ?? '1.0') } : { kind, ref, value: { value } };
    });
    outcomes.push(await state.batch(writes).then(() => 'done', (error: unknown) => (error instanceof PipelineError ? [error.code, error.facts] : error)));
    outcomes.push((await state.query({ collection: 'things' })).map(({ ref: { id }, value }) => [id, value]));
  }
  return outcomes;
}

it('Firestore answers any batches as the embedded store does, with the same errors', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-alike-'));
  let round = 0;
  await fc.assert(
    fc.asyncProperty(anyBatches, async (batches) => {
      round += 1;
      const environment = openEmbeddedEnvironment(join(folder, `${round}.lmdb`));
      const firestore = open(newProject());
      const [ours, theirs] = await Promise.all([outcomesOf(new EmbeddedStateStore(environment), batches), outcomesOf(firestore.subject, batches)]);
      await environment.close();
      await firestore.close();
      expect(theirs).toEqual(ours);
    }),
    { numRuns: 40 },
  );
  rmSync(folder, { recursive: true, force: true });
});

describe('a document of a collection that expires', () => {
  let projectId: string;
  let state: StateStore;
  beforeEach(() => {
    projectId = newProject();
    state = open(projectId).subject;
    clock.moveTo(parseInstant('2026-01-24T12:00:00Z'));
  });
  const thing = { collection: 'things', id: 'a' };
  const task = { collection: 'tasks', id: 'a' };

  /** When Firestore may delete a document, by what is stored; undefined for one that stays. */
  async function expiryOf({ collection, id }: StateRef): Promise<string | undefined> {
    if (emulator.kind === 'not-installed') throw new Error(emulator.reason);
    const calls = openFirestoreCalls({ projectId, emulator });
    const [document] = await calls.read([`${calls.documentsRoot}/${collection}/${id}`], [collection]);
    await calls.close();
    const at = document?.fields?.['expiresAt']?.timestampValue;
    return at === undefined || at === null ? undefined : new Date(Number(at.seconds) * 1_000 + (at.nanos ?? 0) / 1_000_000).toISOString();
  }

  it('expires so long after its last write, however it was written, and is read without that', async () => {
    await state.create(thing, { team: 'BOS' });
    expect(await expiryOf(thing)).toBe('2026-01-31T12:00:00.000Z');
    clock.moveTo(parseInstant('2026-01-25T12:00:00.250Z'));
    await state.transact([thing], ([known]) => ({ writes: [{ kind: 'set', ref: thing, value: { ...known?.value, points: 1 } }], result: undefined }));
    expect(await expiryOf(thing)).toBe('2026-02-01T12:00:00.250Z');
    clock.moveTo(parseInstant('2026-01-26T12:00:00Z'));
    await state.increment(thing, 'points', 1);
    expect(await expiryOf(thing)).toBe('2026-02-02T12:00:00.000Z');
    expect((await state.get(thing))?.value).toEqual({ team: 'BOS', points: 2 });
    expect((await state.query({ collection: 'things' })).map(({ value }) => value)).toEqual([{ team: 'BOS', points: 2 }]);
  });

  it('stays while it is in hand, also when it is taken up again', async () => {
    await state.create(task, { status: 'open' });
    expect(await expiryOf(task)).toBeUndefined();
    await state.batch([{ kind: 'set', ref: task, value: { status: 'done' } }]);
    expect(await expiryOf(task)).toBe('2026-01-31T12:00:00.000Z');
    await state.batch([{ kind: 'set', ref: task, value: { status: 'open' } }]);
    expect(await expiryOf(task)).toBeUndefined();
    await state.increment(task, 'tries', 1);
    expect(await expiryOf(task)).toBeUndefined();
  });

  it('stays where its collection is not named', async () => {
    await state.create({ collection: 'others', id: 'a' }, { status: 'done' });
    expect(await expiryOf({ collection: 'others', id: 'a' })).toBeUndefined();
  });

  it('keeps a field that has the name of the store’s own, and is found by it', async () => {
    const value = { expiresAt: 5, inside: { expiresAt: [6] } };
    await state.create(thing, value);
    await state.create({ collection: 'others', id: 'a' }, value);
    for (const collection of ['things', 'others']) expect((await state.query({ collection, where: [{ field: 'expiresAt', operator: '>', value: 4 }] })).map((found) => found.value)).toEqual([value]);
    expect(await expiryOf(thing)).toBe('2026-01-31T12:00:00.000Z');
  });
});
