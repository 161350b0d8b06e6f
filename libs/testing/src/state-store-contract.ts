import type { StateStore } from '@handoff/ports';
import { describe } from 'vitest';
import { closedAfterEach, type Open } from './opening.ts';
import { describeBatches } from './state/batch-contract.ts';
import { describeStateDurability } from './state/durability-contract.ts';
import { describeNames } from './state/name-contract.ts';
import { describeQueries } from './state/query-contract.ts';
import { describeSingleWrites } from './state/write-contract.ts';
import { describeTransactions } from './state/transaction-contract.ts';

/**
 * What every adapter of the StateStore port does, in Firestore's semantics. `open` gives an empty store. So does
 * `openOrdered`, in which writes take effect in the order in which they were asked for: that is how the suite puts
 * one between what a transaction reads and what it writes. A store in this process is ordered anyway.
 */
export function describeStateStoreContract(name: string, open: Open<StateStore>, openOrdered = open): void {
  describe(`${name} keeps the state store contract`, () => {
    const opening = closedAfterEach(open);
    describeSingleWrites(opening);
    describeBatches(opening);
    describeTransactions(opening, closedAfterEach(openOrdered));
    describeQueries(opening);
    describeNames(opening);
    describeStateDurability(opening);
  });
}
