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
    ...tables.map((table) => ({ path: `schemas/bigquery/tables/${table.name}.sql`, text: tableText(table) })),
    ...views.map((view) => ({ path: `schemas/bigquery/views/${view.name}.sql`, text: viewText(view) })),
  ];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

function tableText({ name, description, columns, partition, cluster, partitionFilterRequired, retentionDays, key }: TableDefinition): string {
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

function columnText({ name, type, mode }: Column): string {
  if (mode === 'REPEATED') return `${name} ARRAY<${type}>`;
  return `${name} ${type}${mode === 'REQUIRED' ? ' NOT NULL' : ''}`;
}

const viewText = ({ name, description, text }: ViewDefinition): string => `-- ${description}\nCREATE OR REPLACE VIEW \`${name}\` AS\n${text.trimEnd()};\n`;
