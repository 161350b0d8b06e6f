export { createBigQueryClient, type BigQueryClientOptions } from './big-query-client.ts';
export { BigQueryWarehouse, type BigQueryWarehouseOptions } from './big-query-warehouse.ts';
export type { Quota, QuotaWarning, QuotaWatch } from './quotas.ts';
