import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DueQueue, type DueEntry } from './due-queue.ts';

it('gives the entries back in order of time, then of number, however they come and go', () => {
  const entry = fc.record({ dueAt: fc.nat(5), number: fc.nat(1_000) });
  fc.assert(fc.property(fc.array(fc.option(entry), { maxLength: 100 }), (steps) => {
    const queue = new DueQueue<DueEntry>();
    const model: DueEntry[] = [];
    for (const added of steps) {
      if (added !== null) {
        queue.add(added);
        model.push(added);
        model.sort((left, right) => left.dueAt - right.dueAt || left.number - right.number);
      } else expect(queue.takeFirst()).toEqual(model.shift());
      expect([queue.first, queue.size]).toEqual([model[0], model.length]);
    }
  }));
});
