import type { Column, Row, TableDefinition } from '@handoff/contracts';
import { describeWarehouseContract, silentLog, type ManualClock, type OpenWarehouse } from '@handoff/testing';
import { BigQueryWarehouse, createBigQueryClient } from '@handoff/warehouse-bigquery';
import { startBigQueryLocal, type BigQueryLocal } from './index.ts';

interface Opening {
  readonly clock: ManualClock;
  readonly tables: readonly TableDefinition[];
}

/** Rows as another writer streams them: instants as text, JSON as text. */
const streamed = (columns: readonly Column[], row: Row): Row =>
  Object.fromEntries(columns.map(({ name, type }) => {
    const value = row[name];
    if (type === 'TIMESTAMP' && typeof value === 'number') return [name, new Date(value).toISOString()];
    return [name, type === 'JSON' && value !== null ? JSON.stringify(value) : value];
  }));

function connect(server: BigQueryLocal, { clock, tables }: Opening, inlineRowsMax: number): OpenWarehouse {
  const client = createBigQueryClient({ project: 'contract', location: 'US', endpoint: server.url });
  const warehouse = new BigQueryWarehouse({ client, tables, clock, log: silentLog, inlineRowsMax });
  const again = async (): Promise<OpenWarehouse> => {
    await warehouse.idle();
    return connect(server, { clock, tables }, inlineRowsMax);
  };
  return {
    warehouse,
    streamInsert: async (name, rows) => {
      const [dataset = '', table = ''] = name.split('.');
      const columns = tables.find((candidate) => candidate.name === name)?.columns ?? [];
      await client.dataset(dataset).table(table).insert(rows.map((row) => streamed(columns, row)));
    },
    close: () => warehouse.idle(),
    reopen: again,
    crash: again,
  };
}

const harness = (inlineRowsMax: number) => {
  const servers: BigQueryLocal[] = [];
  return {
    open: async (options: Opening): Promise<OpenWarehouse> => {
      const server = await startBigQueryLocal({ project: 'contract', tables: options.tables, clock: options.clock });
      servers.push(server);
      const opened = connect(server, options, inlineRowsMax);
      return { ...opened, close: async () => { await opened.close(); await server.close(); } };
    },
  };
};

describeWarehouseContract('The BigQuery client, rows inline,', harness(1_000));
