import { tables, views } from '@handoff/catalogue';
import type { Column, TableDefinition, ViewDefinition } from '@handoff/contracts';

/** A file of schemas/, as the catalogue says that it should be. */
export interface SchemaFile {
  /** Below the workspace's root. */
  readonly path: string;
  readonly text: string;
}

/** Every table and view of the catalogue as GoogleSQL: what provisioning applies, and people read. */
export function bigQuerySchemas(): readonly SchemaFile[] {
  return [
    ...tables.map((table) => ({ path: `schemas/bigquery/tables/${table.name}.sql`, text: tableStatement(table) })),
    ...views.map((view) => ({ path: `schemas/bigquery/views/${view.name}.sql`, text: viewStatement(view) })),
  ];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

/** What makes a table that is not there. */
export function tableStatement({ name, description, columns, partition, cluster, partitionFilterRequired, retentionDays, key }: TableDefinition): string {
  const options = [
    `description = ${quoted(description)}`,
    ...(partitionFilterRequired ? ['require_partition_filter = TRUE'] : []),
    ...(retentionDays === undefined ? [] : [`partition_expiration_days = ${retentionDays}`]),
  ];
  const isDate = columns.some((column) => column.name === partition && column.type === 'DATE');
  return [
    `-- Natural key: ${key.join(', ')}.`,
    `CREATE TABLE IF NOT EXISTS \`${name}\` (`,
    columns.map((column) => `  ${columnText(column)}`).join(',\n'),
    ')',
    `PARTITION BY ${isDate ? partition : `DATE(${partition})`}`,
    ...(cluster.length === 0 ? [] : [`CLUSTER BY ${cluster.join(', ')}`]),
    `OPTIONS (${options.join(', ')});`,
    '',
  ].join('\n');
}

const columnText = (column: Column): string => `${column.name} ${columnTypeOf(column)}${column.mode === 'REQUIRED' ? ' NOT NULL' : ''}`;

/** As INFORMATION_SCHEMA says it too. */
export const columnTypeOf = ({ type, mode }: Column): string => (mode === 'REPEATED' ? `ARRAY<${type}>` : type);

/** What makes a view, or brings it to its text. */
export const viewStatement = ({ name, description, text }: ViewDefinition): string => `-- ${description}\nCREATE OR REPLACE VIEW \`${name}\` AS\n${text.trimEnd()};\n`;
