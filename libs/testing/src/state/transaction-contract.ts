import type { StateStore } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import type { Open } from '../opening.ts';
import { alreadyExists, creating, idsOf, ref, valueOf, versionConflict } from './reading.ts';

/** Transactions: what was read still holds when it is written, or it is decided again. */
export function describeTransactions(open: Open<StateStore>, openOrdered: Open<StateStore>): void {
  describe('transact', () => {
    it('gives what it read in order, writes what was decided, and answers with the result', async () => {
      const { subject: state } = await open();
      await state.create(ref('a'), { count: 2 });
      const result = await state.transact([ref('b'), ref('a')], ([missing, found]) => ({ writes: [{ kind: 'set', ref: ref('b'), value: { copied: found?.value['count'] } }], result: missing }));
      expect(result).toBeUndefined();
      expect(await valueOf(state, 'b')).toEqual({ copied: 2 });
    });

    it.each(['changed', 'created', 'deleted', 'deleted and made again'])('decides again when a document that it read was %s meanwhile', async (what) => {
      const { subject: state } = await openOrdered();
      if (what !== 'created') await state.create(ref('a'), { by: 'first' });
      const seen: unknown[] = [];
      let interfering: Promise<void> | undefined;
      const done = state.transact([ref('a')], ([found]) => {
        seen.push(found?.value['by']);
        if (seen.length === 1) interfering = interfere(state, what);
        return { writes: [{ kind: 'set', ref: ref('b'), value: { basis: found?.value['by'] ?? 'none' } }], result: undefined };
      });
      await done;
      await interfering;
      const expected = what === 'deleted' ? undefined : 'second';
      expect(seen).toEqual([what === 'created' ? undefined : 'first', expected]);
      expect(await valueOf(state, 'b')).toEqual({ basis: expected ?? 'none' });
    });

    it('gives up after attemptsMax, with a conflict and nothing written', async () => {
      const { subject: state } = await openOrdered();
      let attempts = 0;
      const interfering: Promise<void>[] = [];
      const done = state.transact([ref('a')], () => {
        attempts += 1;
        interfering.push(state.batch([{ kind: 'set', ref: ref('a'), value: { attempts } }]));
        return { writes: [creating('b')], result: undefined };
      }, { attemptsMax: 3 });
      await expect(done).rejects.toMatchObject(versionConflict);
      await Promise.all(interfering);
      expect([attempts, await valueOf(state, 'b')]).toEqual([3, undefined]);
    });

    it('writes all or none: a create of what exists, among documents that it did not read, is the error of create', async () => {
      const { subject: state } = await open();
      await state.create(ref('taken'), { by: 'ann' });
      await expect(state.transact([ref('a')], () => ({ writes: [creating('b'), creating('taken')], result: undefined }))).rejects.toMatchObject(alreadyExists);
      expect(await idsOf(state)).toEqual(['taken']);
    });

    it('passes an error of its decision on, and writes nothing', async () => {
      const { subject: state } = await open();
      await expect(state.transact([ref('a')], () => { throw new RangeError('undecided'); })).rejects.toThrow('undecided');
      expect(await idsOf(state)).toEqual([]);
    });

    it('counts 5 that come at once without losing one', async () => {
      const { subject: state } = await open();
      const count = () => state.transact([ref('a')], ([found]) => ({ writes: [{ kind: 'set', ref: ref('a'), value: { count: Number(found?.value['count'] ?? 0) + 1 } }], result: undefined }), { attemptsMax: 20 });
      await Promise.all(Array.from({ length: 5 }, count));
      expect(await valueOf(state, 'a')).toEqual({ count: 5 });
    });
  });
}

const interfere = (state: StateStore, what: string): Promise<void> =>
  state.batch([
    ...(what.startsWith('deleted') ? [{ kind: 'delete' as const, ref: ref('a') }] : []),
    ...(what === 'deleted' ? [] : [{ kind: 'set' as const, ref: ref('a'), value: { by: 'second' } }]),
  ]);
