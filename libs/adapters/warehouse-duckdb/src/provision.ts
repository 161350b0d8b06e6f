import type { TableDefinition, ViewDefinition } from '@handoff/contracts';
import { parseStatement, schemaMismatch, statementRefused } from '@handoff/portable-sql';
import { columnList, engineTypeName, isNullable } from './columns.ts';
import type { Engine } from './engine.ts';
import { readRows } from './read-rows.ts';
import { quoteName, quoteTable, quoteText, render } from './sql/render.ts';

/**
 * Creates the datasets and tables that are missing. There is no primary key: BigQuery enforces none either,
 * and streamed rows may repeat a key.
 *
 * @returns the tables that have their columns in another order than their definition.
 * @throws `warehouse-schema-mismatch` for a table that exists with other columns than its definition.
 */
export async function createTables(engine: Engine, tables: readonly TableDefinition[]): Promise<ReadonlySet<string>> {
  const existing = await existingColumns(engine, datasetsOf(tables));
  const missing = tables.filter((table) => !existing.has(table.name));
  for (const table of tables) refuseOtherColumns(table, existing.get(table.name));
  const statements = [
    ...datasetsOf(missing).map((dataset) => `CREATE SCHEMA IF NOT EXISTS ${quoteName(dataset)};`),
    ...missing.map((table) => `CREATE TABLE IF NOT EXISTS ${quoteTable(table.name)} (${columnList(table.columns)});`),
  ];
  if (statements.length > 0) await engine.transaction(() => engine.script(statements.join('\n')));
  return new Set(tables.filter((table) => isReordered(table, existing.get(table.name))).map(({ name }) => name));
}

const isReordered = (table: TableDefinition, existing: Columns | undefined): boolean =>
  existing !== undefined && [...existing.keys()].some((name, index) => name !== table.columns[index]?.name);

/**
 * Creates the views, or replaces them with what their definitions say now.
 *
 * @throws `warehouse-statement-refused` for a view outside the portable subset.
 */
export async function createViews(engine: Engine, views: readonly ViewDefinition[], tables: readonly TableDefinition[]): Promise<void> {
  const known = new Map(tables.map((table) => [table.name, table]));
  for (const dataset of datasetsOf(views)) await engine.script(`CREATE SCHEMA IF NOT EXISTS ${quoteName(dataset)}`);
  for (const view of views) {
    const parsed = parseStatement(view.text, known);
    const [problem] = parsed.problems;
    if (problem !== undefined) throw statementRefused(`${view.name}: ${problem}`, { view: view.name });
    await engine.script(`CREATE OR REPLACE VIEW ${quoteTable(view.name)} AS ${render(parsed.pieces)}`);
  }
}

/** Types by column, in the table's order. */
type Columns = ReadonlyMap<string, string>;

const datasetsOf = (named: readonly { readonly name: string }[]): readonly string[] => [...new Set(named.map(({ name }) => name.slice(0, name.indexOf('.'))))];

async function existingColumns(engine: Engine, datasets: readonly string[]): Promise<ReadonlyMap<string, Columns>> {
  if (datasets.length === 0) return new Map();
  // Without the schemas, DuckDB describes its own system views first: 11 ms instead of 2.
  const result = await engine.run(
    `SELECT schema_name || '.' || table_name AS name, column_name AS column, data_type || CASE WHEN is_nullable THEN '' ELSE ' NOT NULL' END AS type
     FROM duckdb_columns() WHERE NOT internal AND schema_name IN (${datasets.map(quoteText).join(', ')}) ORDER BY schema_name, table_name, column_index`,
  );
  const tables = new Map<string, Map<string, string>>();
  for (const row of await readRows(result, 'open')) {
    const name = String(row['name']);
    const columns = tables.get(name) ?? new Map<string, string>();
    columns.set(String(row['column']), String(row['type']));
    tables.set(name, columns);
  }
  return tables;
}

function refuseOtherColumns(table: TableDefinition, existing: Columns | undefined): void {
  if (existing === undefined) return;
  const wanted = new Map(table.columns.map((column) => [column.name, `${engineTypeName(column)}${isNullable(column) ? '' : ' NOT NULL'}`]));
  for (const name of new Set([...wanted.keys(), ...existing.keys()])) {
    const is = existing.get(name) ?? 'absent';
    const should = wanted.get(name) ?? 'absent';
    if (is === should) continue;
    throw schemaMismatch(
      `${table.name}: column ${name} is ${is} in this warehouse and ${should} in its definition: change the table, or start with an empty folder`,
      { table: table.name, column: name },
    );
  }
}
