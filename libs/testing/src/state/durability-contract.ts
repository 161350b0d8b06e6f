import type { StateStore } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import type { Open } from '../opening.ts';
import { alreadyExists, creating, idsOf, ref, valueOf, versionConflict, versionOf } from './reading.ts';

/** What was acknowledged is there afterwards. */
export function describeStateDurability(open: Open<StateStore>): void {
  describe.each(['reopen', 'crash'] as const)('after a %s', (how) => {
    it('every acknowledged write is there, of every kind', async () => {
      const opened = await open();
      const state = opened.subject;
      await state.batch([creating('a'), creating('b'), creating('c')]);
      await state.update(ref('a'), { by: 'updated' }, await versionOf(state, 'a'));
      await state.batch([{ kind: 'delete', ref: ref('b') }]);
      await state.increment(ref('c'), 'count', 3);
      const again = (await opened[how]()).subject;
      expect([await valueOf(again, 'a'), await valueOf(again, 'b'), await valueOf(again, 'c')]).toEqual([{ by: 'updated' }, undefined, { by: 'c', count: 3 }]);
    });

    it('what was created cannot be created again, and versions hold', async () => {
      const opened = await open();
      await opened.subject.create(ref('a'), { by: 'ann' });
      const version = await versionOf(opened.subject, 'a');
      const again = await opened[how]();
      await expect(again.subject.create(ref('a'), {})).rejects.toMatchObject(alreadyExists);
      await again.subject.update(ref('a'), { by: 'bob' }, version);
      const once = (await again[how]()).subject;
      await expect(once.update(ref('a'), { by: 'cid' }, version)).rejects.toMatchObject(versionConflict);
      expect(await idsOf(once)).toEqual(['a']);
    });
  });

  it('writes that were asked for before a close are done by it', async () => {
    const opened = await open();
    const asked = [opened.subject.create(ref('a'), {}), opened.subject.create(ref('b'), {})];
    const again = (await opened.reopen()).subject;
    await Promise.all(asked);
    expect(await idsOf(again)).toEqual(['a', 'b']);
  });
}
