import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipelineError } from '@handoff/contracts';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import { startEmulator } from '@handoff/google-emulators';
import { IncidentNotifier } from '@handoff/notifier-state';
import type { CompositeIndex, StateStore, StateWrite } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment } from '@handoff/state-embedded';
import { describeDelayQueueContract, describeNotifierContract, describeStateStoreContract, KeepingBus, skipWithout, type ContractDelays, type ContractNotifier, type Opened } from '@handoff/testing';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, it } from 'vitest';
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
  const state = new FirestoreStateStore(wrapped(openFirestoreCalls({ projectId, emulator })), indexes);
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
