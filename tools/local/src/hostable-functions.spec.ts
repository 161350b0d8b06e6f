import { functionNames, triggersOf } from '@handoff/catalogue';
import { expect, it } from 'vitest';
import { hostableFunctions } from './hostable-functions.ts';

it('every function of the catalogue is hosted, in its order, and no other', () => {
  expect(hostableFunctions.map(({ name }) => name)).toEqual(functionNames);
});

it('has something to call each for', () => {
  for (const name of functionNames) {
    const { isScheduled, subscriptions } = triggersOf(name);
    expect(isScheduled || subscriptions.length > 0).toBe(true);
  }
});
