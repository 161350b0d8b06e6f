import type { TableDefinition } from '@handoff/contracts';
import type { Buffered } from '@handoff/warehouse-duckdb';
import { z } from 'zod';
import { columnOf, restField } from './rest-values.ts';

const Field = z.object({ name: z.string(), type: z.string(), mode: z.string().optional(), description: z.string().optional() });
export const Schema = z.object({ fields: z.array(Field).default([]) });

/** The parts of BigQuery's table resource that this tool keeps. */
export const TableResource = z.object({
  tableReference: z.object({ tableId: z.string() }),
  schema: Schema.optional(),
  description: z.string().optional(),
  friendlyName: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  expirationTime: z.coerce.number().optional(),
  requirePartitionFilter: z.boolean().optional(),
  timePartitioning: z.object({ type: z.string(), field: z.string().optional(), expirationMs: z.coerce.string().optional() }).optional(),
  clustering: z.object({ fields: z.array(z.string()) }).optional(),
  tableConstraints: z.object({ primaryKey: z.object({ columns: z.array(z.string()) }).optional() }).optional(),
});
export type TableResource = z.infer<typeof TableResource>;

/** What tables.patch may say of a table: which one it is stands in the path. */
export const TableChange = TableResource.omit({ tableReference: true });
export type TableChange = z.infer<typeof TableChange>;

/** What the resource of a table of the catalogue says. */
export function resourceOf(table: TableDefinition): TableResource {
  return {
    tableReference: { tableId: table.name.split('.')[1] ?? '' },
    schema: { fields: table.columns.map(restField) },
    description: table.description,
    requirePartitionFilter: table.partitionFilterRequired,
    ...(table.partition === '' ? {} : { timePartitioning: { type: 'DAY', field: table.partition, ...(table.retentionDays === undefined ? {} : { expirationMs: String(table.retentionDays * 86_400_000) }) } }),
    ...(table.cluster.length === 0 ? {} : { clustering: { fields: [...table.cluster] } }),
    ...(table.key.length === 0 ? {} : { tableConstraints: { primaryKey: { columns: [...table.key] } } }),
  };
}

/** A table as the engine takes it. Its key is the primary key that the resource declares: BigQuery enforces none. */
export function definitionOf(dataset: string, resource: TableResource): TableDefinition {
  const columns = (resource.schema?.fields ?? []).map((field) => columnOf({ name: field.name, type: field.type, ...(field.mode === undefined ? {} : { mode: field.mode }) }));
  return {
    name: `${dataset}.${resource.tableReference.tableId}`, description: resource.description ?? '', row: z.object({}), columns,
    key: resource.tableConstraints?.primaryKey?.columns ?? [], business: columns.map(({ name }) => name), partition: resource.timePartitioning?.field ?? '',
    cluster: resource.clustering?.fields ?? [], partitionFilterRequired: resource.requirePartitionFilter ?? false,
  };
}

export interface TableFacts {
  readonly project: string;
  readonly dataset: string;
  readonly location: string;
  readonly isView: boolean;
  readonly rows: number;
  readonly buffered: Buffered;
}

/** The answer of tables.get. */
export function tableAnswer(resource: TableResource, { project, dataset, location, isView, rows, buffered }: TableFacts): Readonly<Record<string, unknown>> {
  const { tableId } = resource.tableReference;
  return {
    ...resource,
    ...(resource.expirationTime === undefined ? {} : { expirationTime: String(resource.expirationTime) }),
    kind: 'bigquery#table', id: `${project}:${dataset}.${tableId}`, tableReference: { projectId: project, datasetId: dataset, tableId },
    type: isView ? 'VIEW' : 'TABLE', location, numRows: String(rows),
    ...(buffered.rows === 0 ? {} : { streamingBuffer: { estimatedRows: String(buffered.rows), estimatedBytes: '0', oldestEntryTime: String(buffered.oldestAt ?? 0) } }),
  };
}
