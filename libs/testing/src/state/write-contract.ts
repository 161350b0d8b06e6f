import type { StateStore } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import type { Open } from '../opening.ts';
import { alreadyExists, notFound, ref, valueOf, versionConflict, versionOf } from './reading.ts';

/** Single writes: create, update, increment, and what a document keeps of its value. */
export function describeSingleWrites(open: Open<StateStore>): void {
  describe('create', () => {
    it('has one winner of 100 racing creators, and the document is the winner\'s', async () => {
      const { subject: state } = await open();
      const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, racer) => state.create(ref('one'), { racer })));
      const winners = outcomes.flatMap(({ status }, racer) => (status === 'fulfilled' ? [racer] : []));
      expect(winners).toHaveLength(1);
      expect(await valueOf(state, 'one')).toEqual({ racer: winners[0] });
      for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(alreadyExists);
    });

    it('answers with nothing where there is no document, and with the document as soon as it is acknowledged', async () => {
      const { subject: state } = await open();
      expect(await state.get(ref('a'))).toBeUndefined();
      await state.create(ref('a'), { by: 'ann' });
      expect(await state.get(ref('a'))).toMatchObject({ ref: ref('a'), value: { by: 'ann' } });
    });
  });

  describe('update', () => {
    it('replaces the document as a whole at the version that was read, and gives it another version', async () => {
      const { subject: state } = await open();
      await state.create(ref('a'), { by: 'ann', count: 1 });
      const version = await versionOf(state, 'a');
      await state.update(ref('a'), { by: 'bob' }, version);
      expect(await valueOf(state, 'a')).toEqual({ by: 'bob' });
      expect(await versionOf(state, 'a')).not.toBe(version);
    });

    it('is refused at an older version, and where there is no document', async () => {
      const { subject: state } = await open();
      await state.create(ref('a'), { by: 'ann' });
      const version = await versionOf(state, 'a');
      await state.update(ref('a'), { by: 'bob' }, version);
      await expect(state.update(ref('a'), { by: 'cid' }, version)).rejects.toMatchObject(versionConflict);
      await expect(state.update(ref('b'), { by: 'cid' }, version)).rejects.toMatchObject(notFound);
      expect(await valueOf(state, 'a')).toEqual({ by: 'bob' });
    });

    it('has one winner of 20 that read the same version', async () => {
      const { subject: state } = await open();
      await state.create(ref('a'), { by: 'ann' });
      const version = await versionOf(state, 'a');
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, racer) => state.update(ref('a'), { racer }, version)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('is refused at a version from before the document was deleted and created again', async () => {
      const { subject: state } = await open();
      await state.create(ref('a'), { by: 'ann' });
      const version = await versionOf(state, 'a');
      await state.batch([{ kind: 'delete', ref: ref('a') }]);
      await state.create(ref('a'), { by: 'bob' });
      await expect(state.update(ref('a'), { by: 'cid' }, version)).rejects.toMatchObject(versionConflict);
    });
  });

  describe('increment', () => {
    it('adds up 100 that come at once, from a document that is not there', async () => {
      const { subject: state } = await open();
      await Promise.all(Array.from({ length: 100 }, () => state.increment(ref('a'), 'count', 1)));
      expect(await valueOf(state, 'a')).toEqual({ count: 100 });
    });

    it('starts at 0 where the field is missing, goes down as well, and leaves other fields alone', async () => {
      const { subject: state } = await open();
      await state.create(ref('a'), { by: 'ann' });
      await state.increment(ref('a'), 'count', 5);
      await state.increment(ref('a'), 'count', -7);
      expect(await valueOf(state, 'a')).toEqual({ by: 'ann', count: -2 });
    });

    it('gives the document another version', async () => {
      const { subject: state } = await open();
      await state.create(ref('a'), { count: 1 });
      const version = await versionOf(state, 'a');
      await state.increment(ref('a'), 'count', 1);
      await expect(state.update(ref('a'), { count: 9 }, version)).rejects.toMatchObject(versionConflict);
    });
  });

  describe('a document', () => {
    it('keeps every JSON value, nested and in any script', async () => {
      const { subject: state } = await open();
      const value = {
        text: 'Dončić 東京 \u0000 \u{1F3C0} "quoted"\n', empty: '', none: null, no: false, zero: 0, real: 0.1, negative: -1.5e-7, instant: 1_769_256_000_000,
        list: [1, 'two', null, { three: 3 }], nested: { deep: { deeper: [[]], object: {} } }, 'field with spaces': 1,
      };
      await state.create(ref('a'), value);
      expect(await valueOf(state, 'a')).toEqual(value);
    });

    it('keeps lists in lists and fields of any name', async () => {
      const { subject: state } = await open();
      const value = {
        grid: [[1, [2, [3]]], [], [[]], { '[]': [4] }], '[]': [[5]], '': 'empty', '__name__': 'reserved', 'a.b': { 'c`d': '\\', '[]\u0000': 1 }, '\u0000': 2, only: { '[]': [6] },
      };
      await state.create(ref('a'), value);
      expect(await valueOf(state, 'a')).toEqual(value);
      const counted = ['plain', 'with space', 'a.b.c', '`', '\\', '__name', ''];
      for (const field of counted) await state.increment(ref('counts'), field, 2);
      expect(await valueOf(state, 'counts')).toEqual(Object.fromEntries(counted.map((field) => [field, 2])));
    });

    it('is found by a field of any name', async () => {
      const { subject: state } = await open();
      await state.create(ref('a'), { 'game date': 'x', '`': 1 });
      expect(await state.query({ collection: 'things', where: [{ field: 'game date', operator: '==', value: 'x' }] })).toHaveLength(1);
      expect(await state.query({ collection: 'things', where: [{ field: '`', operator: '>=', value: 1 }] })).toHaveLength(1);
    });

    it('drops fields that are undefined', async () => {
      const { subject: state } = await open();
      await state.create(ref('a'), { by: 'ann', note: undefined, nested: { kept: 1, dropped: undefined } });
      expect(Object.keys((await valueOf(state, 'a'))!)).toEqual(['by', 'nested']);
      expect(await valueOf(state, 'a')).toStrictEqual({ by: 'ann', nested: { kept: 1 } });
    });

    it('is not changed by a change of the value that it was created from, nor of one that was read', async () => {
      const { subject: state } = await open();
      const value = { list: [1] };
      const created = state.create(ref('a'), value);
      await created;
      value.list.push(2);
      const read = await state.get<{ list: number[] }>(ref('a'));
      // An adapter may refuse it, or let it be without effect.
      const change = (): number => read!.value.list.push(3);
      await Promise.resolve().then(change).catch((error: unknown) => { expect(error).toBeInstanceOf(TypeError); });
      expect(await valueOf(state, 'a')).toEqual({ list: [1] });
    });

    it('of 200,000 characters is kept whole', async () => {
      const { subject: state } = await open();
      await state.create(ref('a'), { text: 'é'.repeat(200_000) });
      expect((await valueOf(state, 'a'))?.['text']).toHaveLength(200_000);
    });
  });
}
