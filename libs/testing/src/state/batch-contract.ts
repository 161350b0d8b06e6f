import type { StateStore, StateWrite } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import type { Open } from '../opening.ts';
import { alreadyExists, creating, idsOf, notFound, ref, valueOf, versionConflict, versionOf } from './reading.ts';

const stale = (id: string): StateWrite => ({ kind: 'update', ref: ref(id), value: { by: 'nobody' }, expectedVersion: '0' });

/** Batches: all or none, and the first precondition that fails decides. */
export function describeBatches(open: Open<StateStore>): void {
  describe('batch', () => {
    it('does writes of every kind, in several collections', async () => {
      const { subject: state } = await open();
      await state.batch([creating('a'), creating('b'), creating('c')]);
      await state.batch([
        { kind: 'update', ref: ref('a'), value: { by: 'updated' }, expectedVersion: await versionOf(state, 'a') },
        { kind: 'set', ref: ref('b'), value: { by: 'set' } },
        { kind: 'delete', ref: ref('c') },
        { kind: 'delete', ref: ref('never there') },
        { kind: 'create', ref: ref('a', 'others'), value: { by: 'created' } },
      ]);
      expect([await valueOf(state, 'a'), await valueOf(state, 'b'), await valueOf(state, 'c')]).toEqual([{ by: 'updated' }, { by: 'set' }, undefined]);
      expect(await valueOf(state, 'a', 'others')).toEqual({ by: 'created' });
    });

    it.each<[string, readonly StateWrite[], object]>([
      ['a create of what exists', [creating('new'), creating('taken')], alreadyExists],
      ['an update of what does not', [creating('new'), stale('missing')], notFound],
      ['an update at another version', [creating('new'), stale('taken')], versionConflict],
      ['a create that exists, before an update of what does not', [creating('new'), creating('taken'), stale('missing')], alreadyExists],
      ['an update of what does not exist, before a create that exists', [stale('missing'), creating('new'), creating('taken')], notFound],
      ['an update at another version, last', [{ kind: 'delete', ref: ref('taken') }, creating('new'), { kind: 'set', ref: ref('x'), value: {} }, stale('kept')], versionConflict],
    ])('does nothing at all, and says why, for %s', async (_, writes, error) => {
      const { subject: state } = await open();
      await state.batch([creating('taken'), creating('kept')]);
      await expect(state.batch(writes)).rejects.toMatchObject(error);
      expect(await idsOf(state)).toEqual(['kept', 'taken']);
      expect(await valueOf(state, 'taken')).toEqual({ by: 'taken' });
    });

    it.each<[string, readonly StateWrite[], object | 'done']>([
      ['created twice', [creating('a'), creating('a', { by: 'second' })], alreadyExists],
      ['set, then created', [{ kind: 'set', ref: ref('a'), value: {} }, creating('a')], alreadyExists],
      ['created, then set', [creating('a'), { kind: 'set', ref: ref('a'), value: { by: 'last' } }], 'done'],
      ['deleted, then created', [{ kind: 'delete', ref: ref('a') }, creating('a', { by: 'last' })], 'done'],
      ['created, deleted, then set', [creating('a'), { kind: 'delete', ref: ref('a') }, { kind: 'set', ref: ref('a'), value: { by: 'last' } }], 'done'],
      ['deleted, then updated', [{ kind: 'delete', ref: ref('a') }, stale('a')], notFound],
      ['set, then updated', [{ kind: 'set', ref: ref('a'), value: {} }, stale('a')], versionConflict],
    ])('takes one document twice in order: %s', async (_, writes, outcome) => {
      const { subject: state } = await open();
      const batch = state.batch(writes);
      if (outcome === 'done') await expect(batch).resolves.toBeUndefined();
      else await expect(batch).rejects.toMatchObject(outcome);
      expect(await valueOf(state, 'a')).toEqual(outcome === 'done' ? { by: 'last' } : undefined);
    });

    it('of nothing does nothing, of 500 writes does all, and of 501 is refused', async () => {
      const { subject: state } = await open();
      const many = (count: number) => Array.from({ length: count }, (_, index) => creating(`n${index}`));
      await state.batch([]);
      await expect(state.batch(many(501))).rejects.toMatchObject({ code: 'state-batch-too-large', disposition: 'reject' });
      expect(await idsOf(state)).toEqual([]);
      await state.batch(many(500));
      expect(await idsOf(state)).toHaveLength(500);
    });

    it('has one winner of 20 that create the same two documents in either order', async () => {
      const { subject: state } = await open();
      const racers = Array.from({ length: 20 }, (_, racer) => {
        const writes = [creating('a', { racer }), creating('b', { racer })];
        return state.batch(racer % 2 === 0 ? writes : writes.toReversed());
      });
      const outcomes = await Promise.allSettled(racers);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await valueOf(state, 'a')).toEqual(await valueOf(state, 'b'));
    });
  });
}
