import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentCache } from './document-cache.ts';
import { compareUtf8 } from './keys.ts';
import { StoredDocument } from './stored-document.ts';

/** A store of documents by `collection/id` that counts what is asked of it. */
class CountedSource {
  readonly stored = new Map<string, StoredDocument>();
  reads = 0;

  collections(): Set<string> {
    return new Set([...this.stored.keys()].map((key) => key.slice(0, key.indexOf('/'))));
  }

  read(collection: string, id: string): StoredDocument | undefined {
    this.reads += 1;
    return this.stored.get(`${collection}/${id}`);
  }

  readAll(collection: string): (readonly [string, StoredDocument])[] {
    this.reads += 1;
    return [...this.stored].flatMap(([key, document]) => (key.startsWith(`${collection}/`) ? [[key.slice(collection.length + 1), document] as const] : []));
  }
}

describe('documents in memory', () => {
  it('are read once each, absent ones too, and a collection once as a whole', () => {
    const source = new CountedSource();
    source.stored.set('a/1', StoredDocument.of(1, { one: 1 }));
    const cache = new DocumentCache(source);
    for (let time = 0; time < 3; time += 1) expect([cache.get('a', '1')?.value, cache.get('a', '2')]).toEqual([{ one: 1 }, undefined]);
    expect(source.reads).toBe(2);
    for (let time = 0; time < 3; time += 1) expect(cache.all('a').map(([id]) => id)).toEqual(['1']);
    expect([cache.get('a', 'unknown'), cache.get('new', '1'), cache.all('new'), source.reads]).toEqual([undefined, undefined, [], 3]);
  });

  it('are what the store behind them holds, whatever is written, read and forgotten in between', () => {
    const step = fc.tuple(fc.constantFrom('put', 'drop', 'get', 'all'), fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '3', '4'));
    fc.assert(fc.property(fc.array(step, { maxLength: 80 }), fc.nat(3), fc.nat(8), (steps, partMax, allMax) => {
      const source = new CountedSource();
      const cache = new DocumentCache(source, { partMax, allMax });
      for (const [index, [what, collection, id]] of steps.entries()) {
        if (what === 'put' || what === 'drop') {
          const document = what === 'put' ? StoredDocument.of(index, { index }) : undefined;
          if (document === undefined) source.stored.delete(`${collection}/${id}`);
          else source.stored.set(`${collection}/${id}`, document);
          cache.put(collection, id, document);
        } else if (what === 'get') expect(cache.get(collection, id)).toBe(source.stored.get(`${collection}/${id}`));
        else expect(cache.all(collection)).toEqual(source.readAll(collection).sort(([left], [right]) => compareUtf8(left, right)));
      }
    }));
  });

  it('are ordered as their bytes are', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(fc.property(text, text, (left, right) => {
      expect(Math.sign(compareUtf8(left, right))).toBe(Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right))));
    }));
  });
});
