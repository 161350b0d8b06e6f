import type { StateStore } from '@handoff/ports';
import { ManualClock } from '@handoff/testing';
import { grpc } from 'google-gax';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFirestoreState, type FirestoreStateStore } from './index.ts';

const ok = grpc.status.OK;
/** A Firestore that answers each commit with the next status of a script, with its last one ever after. */
let script: grpc.status[];
let commits: number;
let server: grpc.Server;
let state: FirestoreStateStore;

beforeEach(async () => {
  commits = 0;
  server = new grpc.Server();
  const path = '/google.firestore.v1.Firestore/Commit';
  const raw = { requestSerialize: (value: Buffer) => value, requestDeserialize: (value: Buffer) => value, responseSerialize: (value: Buffer) => value, responseDeserialize: (value: Buffer) => value };
  server.addService({ Commit: { path, requestStream: false, responseStream: false, ...raw } }, {
    Commit: (_: unknown, answer: grpc.sendUnaryData<Buffer>) => {
      const code = script[Math.min(commits, script.length - 1)] ?? ok;
      commits += 1;
      if (code === ok) answer(null, Buffer.alloc(0));
      else answer({ code, details: 'as the script says' });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => { if (error === null) resolve(bound); else reject(error); });
  });
  state = openFirestoreState({ projectId: 'spec', emulator: { host: '127.0.0.1', port }, indexes: [], lifetimes: [], clock: new ManualClock() });
});
afterEach(async () => {
  await state.close();
  server.forceShutdown();
});

const ref = { collection: 'things', id: 'a' };
const writes = {
  create: (store: StateStore) => store.create(ref, {}),
  set: (store: StateStore) => store.batch([{ kind: 'set', ref, value: {} }]),
  increment: (store: StateStore) => store.increment(ref, 'count', 1),
};
const {
  ALREADY_EXISTS: alreadyExists, NOT_FOUND: notFound, PERMISSION_DENIED: permissionDenied, RESOURCE_EXHAUSTED: exhausted, FAILED_PRECONDITION: precondition, ABORTED: aborted,
  INTERNAL: internal, UNAVAILABLE: unavailable, UNAUTHENTICATED: unauthenticated, INVALID_ARGUMENT: invalid, DEADLINE_EXCEEDED: deadline,
} = grpc.status;

describe('a write whose commit ends with', () => {
  it.each<[statuses: readonly grpc.status[], kind: keyof typeof writes, code: string, disposition: string, commits: number]>([
    [[unavailable, ok], 'create', 'done', '', 2],
    [[unavailable, unavailable, unavailable, ok], 'set', 'done', '', 4],
    [[aborted, exhausted, ok], 'increment', 'done', '', 3],
    [[unavailable], 'create', 'state-unavailable', 'retry', 4],
    [[internal, deadline, unavailable], 'set', 'state-unavailable', 'retry', 4],
    // Made twice, it would count twice; whether it was made, nobody knows.
    [[unavailable, ok], 'increment', 'state-unavailable', 'retry', 1],
    [[alreadyExists], 'create', 'state-already-exists', 'retry', 1],
    [[aborted, alreadyExists], 'create', 'state-already-exists', 'retry', 2],
    // The first attempt may have been the one that made it: to say that another did would be a lie.
    [[unavailable, alreadyExists], 'create', 'state-unavailable', 'retry', 2],
    [[permissionDenied], 'create', 'state-permission-denied', 'defer', 1],
    [[unauthenticated], 'set', 'state-permission-denied', 'defer', 1],
    [[notFound], 'set', 'state-misconfigured', 'defer', 1],
    [[precondition], 'increment', 'state-misconfigured', 'defer', 1],
    [[invalid], 'create', 'state-document-refused', 'reject', 1],
  ])('%j: %s is %s', async (statuses, kind, code, disposition, count) => {
    script = [...statuses];
    const outcome = await writes[kind](state).then(() => ({ code: 'done', disposition: '' }), (error: unknown) => error);
    expect(outcome).toMatchObject({ code, disposition });
    expect(commits).toBe(count);
  });
});

describe('a closed store', () => {
  it('is closed after what was asked for, once, and refuses the rest', async () => {
    script = [unavailable, ok];
    const asked = writes.create(state);
    await Promise.all([state.close(), state.close()]);
    await asked;
    await expect(writes.set(state)).rejects.toMatchObject({ code: 'state-unavailable', disposition: 'retry' });
    await expect(state.get(ref)).rejects.toMatchObject({ code: 'state-unavailable', disposition: 'retry' });
  });
});
