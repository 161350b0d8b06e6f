import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableDefinition } from '@handoff/contracts';
import { describeWarehouseContract, type ManualClock, type OpenWarehouse } from '@handoff/testing';
import { afterAll } from 'vitest';
import { openDuckDbWarehouse } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-warehouse-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

interface Opening {
  readonly clock: ManualClock;
  readonly tables: readonly TableDefinition[];
}

async function open(folder: string, options: Opening): Promise<OpenWarehouse> {
  const warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.duckdb'), ...options });
  return {
    warehouse,
    streamInsert: (table, rows) => warehouse.streamInsert(table, rows),
    close: () => warehouse.close(),
    reopen: async () => {
      await warehouse.close();
      return open(folder, options);
    },
    // A killed process leaves the files as they are, write-ahead log and all: so does a copy of them.
    crash: () => {
      const copy = mkdtempSync(join(root, 'crashed-'));
      cpSync(folder, copy, { recursive: true });
      return open(copy, options);
    },
  };
}

describeWarehouseContract('DuckDB', { open: (options) => open(mkdtempSync(join(root, 'fresh-')), options) });
