import { functionNames, jobs, subscriptions } from '@handoff/catalogue';
import { expect, it } from 'vitest';
import { hostableFunctions } from './hostable-functions.ts';

it('every function of the catalogue is hosted, in its order, and no other', () => {
  expect(hostableFunctions.map(({ name }) => name)).toEqual(functionNames);
});

it('has something to call each for', () => {
  for (const { name } of hostableFunctions) expect(jobs.some((job) => job.name === name) || subscriptions.some((subscription) => subscription.function === name)).toBe(true);
});
