import type { StateStore } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import type { Open } from '../opening.ts';
import { idsOf, ref, valueOf } from './reading.ts';

/** Names of documents: any characters but the slash, up to 500 bytes. */
export function describeNames(open: Open<StateStore>): void {
  describe('an id', () => {
    it.each([
      ['of 500 letters', 'x'.repeat(500)],
      ['of 250 letters of two bytes', 'é'.repeat(250)],
      ['of 125 characters of four bytes', '\u{1F3C0}'.repeat(125)],
      ['with the characters of other languages', 'Dončić|東京|ß'],
      ['with punctuation', ' %2F?#[]{}"\'\\`~!@$^&*()=+;:,.<> '],
      ['with control characters', '\u0000a\tb\nc\u001fd\u0000\u007f'],
      ['of the last character of the basic plane', '\uFFFF'],
      ['that looks like a number', '0022500578'],
      ['between underscores, which Firestore keeps for itself', '__games__'],
      ['that looks like an internal number of Firestore', '__id7__'],
      ['of four underscores', '____'],
    ])('%s names one document, and comes back from a query as it was', async (_, id) => {
      const { subject: state } = await open();
      await state.create(ref(id), { by: 'ann' });
      await state.create(ref(`${id.slice(0, 20)}.`), { by: 'bob' });
      expect(await valueOf(state, id)).toEqual({ by: 'ann' });
      expect(await idsOf(state)).toContain(id);
      await expect(state.create(ref(id), {})).rejects.toMatchObject({ code: 'state-already-exists' });
    });

    it('that is reserved somewhere stays in the order of its bytes, and names collections too', async () => {
      const { subject: state } = await open();
      const ids = ['\uFFFF', '\u{1F3C0}', '__a__b', '__a__!', '__a__', '__a__\u0000', '__a__\u0000\u0000', '__a', '_', 'a', 'Z', '__a__\u0000b__', '__a__\u0000a'];
      await state.batch(ids.map((id) => ({ kind: 'create', ref: ref(id, '__things__'), value: { id } })));
      const found = await state.query({ collection: '__things__' });
      const expected = ids.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
      expect(found.map((one) => one.ref.id)).toEqual(expected);
      expect(found.map((one) => one.value['id'])).toEqual(expected);
      expect(await idsOf(state)).toEqual([]);
    });

    it.each([
      ['empty', ''],
      ['with a slash', 'a/b'],
      ['of 501 bytes', 'x'.repeat(501)],
      ['of 251 letters of two bytes', 'é'.repeat(251)],
      ['of one dot', '.'],
      ['of two dots', '..'],
      ['with half a character', '\uD83C'],
    ])('%s is refused, to read and to write', async (_, id) => {
      const { subject: state } = await open();
      const refusal = { code: 'state-ref-invalid', disposition: 'reject' };
      await expect(state.create(ref(id), {})).rejects.toMatchObject(refusal);
      await expect(state.get(ref(id))).rejects.toMatchObject(refusal);
      await expect(state.increment(ref(id), 'count', 1)).rejects.toMatchObject(refusal);
      await expect(state.batch([{ kind: 'create', ref: ref('good'), value: {} }, { kind: 'set', ref: ref(id), value: {} }])).rejects.toMatchObject(refusal);
      expect(await idsOf(state)).toEqual([]);
    });
  });
}
