import { StateDelayQueue } from '@handoff/delay-queue-state';
import { startEmulator } from '@handoff/google-emulators';
import { RecordingNotifier } from '@handoff/notify-recording';
import type { StateStore } from '@handoff/ports';
import { describeDelayQueueContract, describeNotifierContract, describeStateStoreContract, KeepingBus, skipWithout, type ContractDelays, type ContractNotifier, type Opened } from '@handoff/testing';
import { afterAll, beforeEach } from 'vitest';
import type { CompositeIndex } from './index.ts';
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
  const notifier = new RecordingNotifier(state);
  return { notifier, incidents: () => notifier.incidents() };
}));
