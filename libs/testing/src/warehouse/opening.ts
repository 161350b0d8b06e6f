import { afterEach } from 'vitest';
import { ManualClock } from '../manual-clock.ts';
import { contractTables, type OpenWarehouse, type WarehouseHarness } from './harness.ts';

/** Opens an empty warehouse with the tables of the suite, and closes it after the test. */
export type Opening = () => Promise<OpenWarehouse & { readonly clock: ManualClock }>;

export function openingOf(harness: WarehouseHarness): Opening {
  const opened: OpenWarehouse[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).toReversed()) await one.close();
  });
  const tracked = (one: OpenWarehouse): OpenWarehouse => {
    opened.push(one);
    return { ...one, reopen: async () => tracked(await one.reopen()), crash: async () => tracked(await one.crash()) };
  };
  return async () => {
    const clock = new ManualClock();
    return { ...tracked(await harness.open({ clock, tables: contractTables })), clock };
  };
}
