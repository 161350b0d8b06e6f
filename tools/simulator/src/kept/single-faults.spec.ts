import { expect, it } from 'vitest';
import { faultTable, rowOf } from '../scenario/fault-table.ts';
import { singleFaults, triedTargets } from './single-faults.ts';

it('tries every row of the table, each by itself', () => {
  const tried = singleFaults().map(({ faults: [fault] }) => rowOf(fault?.kind ?? '', fault?.target ?? ''));
  expect(faultTable.filter((row) => !tried.includes(row)).map(({ kind, family }) => `${kind} on ${family}`)).toEqual([]);
});

it('strikes every target that was chosen for it', () => {
  const struck = new Set(singleFaults().flatMap(({ faults }) => faults.map(({ target }) => target)));
  expect(Object.values(triedTargets).flat().filter((target) => !struck.has(target))).toEqual([]);
});

it('has a name for each that no other has, since it is its file’s', () => {
  const names = singleFaults().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
