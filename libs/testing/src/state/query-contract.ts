import type { StateFilter, StateStore } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import type { Open } from '../opening.ts';
import { creating, idsOf, ref } from './reading.ts';

const filter = (field: string, operator: StateFilter['operator'], value: StateFilter['value']): StateFilter => ({ field, operator, value });

async function filled(open: Open<StateStore>): Promise<StateStore> {
  const { subject: state } = await open();
  await state.batch([
    creating('a', { team: 'LAL', points: 30, isFinal: true, note: null }),
    creating('b', { team: 'BOS', points: 10, isFinal: false }),
    creating('c', { team: 'LAL', points: 20, isFinal: true }),
    creating('d', { team: 'GSW', points: 20 }),
    creating('e', { team: 'GSW', points: '20' }),
  ]);
  return state;
}

/** Queries over one collection. */
export function describeQueries(open: Open<StateStore>): void {
  describe('query', () => {
    it.each<[string, readonly StateFilter[], readonly string[]]>([
      ['equal text', [filter('team', '==', 'LAL')], ['a', 'c']],
      ['an equal number, never its text', [filter('points', '==', 20)], ['c', 'd']],
      ['an equal boolean', [filter('isFinal', '==', false)], ['b']],
      ['null, which a missing field is not', [filter('note', '==', null)], ['a']],
      ['less', [filter('points', '<', 20)], ['b']],
      ['at most', [filter('points', '<=', 20)], ['b', 'c', 'd']],
      ['greater', [filter('points', '>', 20)], ['a']],
      ['at least', [filter('points', '>=', 20)], ['a', 'c', 'd']],
      ['a range of text', [filter('team', '>=', 'C'), filter('team', '<', 'H')], ['d', 'e']],
      ['one of several', [filter('team', 'in', ['BOS', 'GSW'])], ['b', 'd', 'e']],
      ['one of none', [filter('team', 'in', [])], []],
      ['all of two filters', [filter('team', '==', 'LAL'), filter('points', '>', 20)], ['a']],
      ['a field that none has', [filter('rebounds', '>=', 0)], []],
      ['no filter', [], ['a', 'b', 'c', 'd', 'e']],
    ])('finds %s', async (_, where, ids) => {
      const state = await filled(open);
      expect((await state.query({ collection: 'things', where })).map((found) => found.ref.id)).toEqual(ids);
    });

    it.each([
      ['asc', ['b', 'c', 'd', 'a']],
      ['desc', ['a', 'c', 'd', 'b']],
    ] as const)('orders %s by a field, then by id, and leaves out what lacks the field', async (direction, ids) => {
      const state = await filled(open);
      await state.batch([creating('without', { team: 'LAL' }), { kind: 'delete', ref: ref('e') }]);
      expect((await state.query({ collection: 'things', orderBy: { field: 'points', direction } })).map((found) => found.ref.id)).toEqual(ids);
    });

    it('limits after ordering', async () => {
      const state = await filled(open);
      const found = await state.query({ collection: 'things', where: [filter('points', '>=', 0)], orderBy: { field: 'points', direction: 'desc' }, limit: 2 });
      expect(found.map((one) => one.ref.id)).toEqual(['a', 'c']);
      expect((await state.query({ collection: 'things', limit: 2 })).map((one) => one.ref.id)).toEqual(['a', 'b']);
    });

    it('finds one of more values than a service takes at once, each document once, in order and limited', async () => {
      const { subject: state } = await open();
      await state.batch(Array.from({ length: 80 }, (_, index) => creating(`n${String(index).padStart(2, '0')}`, { rank: 100 - index, group: index % 2 === 0 ? 'even' : 'odd' })));
      const odd = Array.from({ length: 70 }, (_, index) => 100 - 2 * index - 1);
      const where = [filter('rank', 'in', [...odd, ...odd])];
      const expected = Array.from({ length: 40 }, (_, index) => `n${String(2 * index + 1).padStart(2, '0')}`);
      expect((await state.query({ collection: 'things', where })).map((found) => found.ref.id)).toEqual(expected);
      expect((await state.query({ collection: 'things', where, limit: 3 })).map((found) => found.ref.id)).toEqual(expected.slice(0, 3));
      const ranked = await state.query({ collection: 'things', where, orderBy: { field: 'rank', direction: 'asc' }, limit: 3 });
      expect(ranked.map((found) => found.ref.id)).toEqual(expected.slice(-3).toReversed());
      expect(await state.query({ collection: 'things', where: [...where, filter('group', 'in', ['even'])] })).toEqual([]);
    });

    it('finds nothing less or more than null, and nothing at a limit of 0', async () => {
      const state = await filled(open);
      for (const operator of ['<', '<=', '>', '>='] as const) expect(await state.query({ collection: 'things', where: [filter('note', operator, null)] })).toEqual([]);
      expect(await state.query({ collection: 'things', limit: 0 })).toEqual([]);
    });

    it('limits what a comparison finds in order of id, not of what is compared', async () => {
      const state = await filled(open);
      const found = await state.query({ collection: 'things', where: [filter('points', '<=', 30)], limit: 2 });
      expect(found.map((one) => one.ref.id)).toEqual(['a', 'b']);
    });

    it('orders text by its characters: capitals first, 10 before 9', async () => {
      const { subject: state } = await open();
      await state.batch(['b', 'a', 'B', '9', '10', 'é'].map((id) => creating(id)));
      expect(await idsOf(state)).toEqual(['10', '9', 'B', 'a', 'b', 'é']);
    });

    it('finds nothing in an empty collection', async () => {
      const { subject: state } = await open();
      expect(await state.query({ collection: 'nothing' })).toEqual([]);
    });

    it('keeps collections apart whose names begin alike', async () => {
      const { subject: state } = await open();
      const names = ['claims', 'claim', 'claims_phase3', 'claims-x', 'claimsa', 'claims~'];
      await state.batch(names.map((collection) => ({ kind: 'create', ref: ref('a', collection), value: { collection } })));
      for (const collection of names) expect((await state.query({ collection })).map(({ value }) => value)).toEqual([{ collection }]);
    });

    it('gives versions that an update may expect', async () => {
      const state = await filled(open);
      const [found] = await state.query({ collection: 'things', where: [filter('team', '==', 'BOS')] });
      await state.update(found!.ref, { team: 'BOS', points: 11 }, found!.version);
      expect((await state.query({ collection: 'things', where: [filter('points', '==', 11)] })).map((one) => one.ref.id)).toEqual(['b']);
    });
  });
}
