import { gameColumnOf, hasColumn, outputs, tableNamed, tables, type Output } from '@handoff/catalogue';
import { hashOf, type GameDate, type TableDefinition } from '@handoff/contracts';
import type { Parameters, Warehouse } from '@handoff/ports';

/** What a table holds over the dates of a run. */
export interface TableContent {
  readonly table: string;
  readonly rows: number;
  /** Over the business columns of all rows, in the order of the rows' hashes: equal contents, equal digests. */
  readonly digest: string;
  /** Rows beyond the first of their natural key: more than none is a defect. */
  readonly duplicates: number;
}

export interface Contents {
  readonly tables: readonly TableContent[];
  /** By `date|output|scope`: a digest over the business columns of its rows. */
  readonly units: Readonly<Record<string, string>>;
}

interface HashedRow extends Record<string, unknown> {
  readonly unit_date: string;
  readonly unit_scope: string;
  readonly content: string;
  /** False for a row that another has taken the place of: it is kept as history, and how often that happened is a matter of time. */
  readonly stands: boolean;
}

/** Tables of data, whose rows carry a hash over their business columns; and the published files. */
const dataTables = tables.filter((table) => hasColumn(table, 'data_hash'));
const publications = tableNamed('nba_orchestration.publications');

const between = (from: GameDate, to: GameDate): Parameters => ({ from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: to } });

export const unitKey = (gameDate: string, output: string, scope: string): string => `${gameDate}|${output}|${scope}`;

/** Reads what the tables hold over a range of dates: rows, digests, and the content of every unit of the ledger. */
export async function readContents(warehouse: Warehouse, from: GameDate, to: GameDate): Promise<Contents> {
  const contents: TableContent[] = [];
  const units: Record<string, string> = {};
  for (const table of dataTables) {
    const rows = await warehouse.query<HashedRow>({ name: `simulator/${table.name}`, text: statementOf(table) }, between(from, to));
    contents.push(contentOf(table.name, rows));
    const output = outputs.find(({ name }) => name === table.name);
    if (output !== undefined) addUnits(units, output, rows.filter(({ stands }) => stands));
  }
  const files = await warehouse.query<HashedRow>({ name: 'simulator/publications', text: publishedStatement }, between(from, to));
  contents.push(contentOf(publications.name, files));
  for (const output of outputs.filter(({ name }) => name.startsWith('exports/'))) addUnits(units, output, files.filter(({ unit_scope: name, stands }) => stands && `exports/${name}` === output.name));
  return { tables: contents, units };
}

function contentOf(table: string, rows: readonly HashedRow[]): TableContent {
  const hashes = rows.map(({ content }) => content).sort();
  return { table, rows: rows.length, digest: `sha256:${hashOf(hashes.join('\n'))}`, duplicates: rows.length - new Set(rows.map((row) => `${row.unit_date}|${naturalKeyOf(row)}`)).size };
}

function addUnits(units: Record<string, string>, output: Output, rows: readonly HashedRow[]): void {
  const grouped = new Map<string, string[]>();
  for (const row of rows) {
    const key = unitKey(row.unit_date, output.name, output.scope === 'game' ? row.unit_scope : 'slate');
    const known = grouped.get(key);
    if (known === undefined) grouped.set(key, [row.content]);
    else known.push(row.content);
  }
  for (const [key, hashes] of grouped) units[key] = `sha256:${hashOf(hashes.sort().join('\n'))}`;
}

/** The key's columns under names of their own: a timestamp cannot be made text in SQL (docs/sql.md). */
const keyName = (place: number): string => `key_${place}`;
const naturalKeyOf = (row: HashedRow): string => Object.entries(row).filter(([name]) => name.startsWith('key_')).map(([, value]) => String(value)).join('|');

function statementOf(table: TableDefinition): string {
  const game = gameColumnOf(table);
  const standing = hasColumn(table, 'is_active') ? 'stored.is_active' : 'TRUE';
  const key = table.key.map((column, place) => `stored.${column} AS ${keyName(place)}`).join(', ');
  return `SELECT CAST(stored.${table.partition} AS STRING) AS unit_date, ${game === undefined ? "'slate'" : `stored.${game}`} AS unit_scope, ${key}, stored.data_hash AS content, ${standing} AS stands FROM \`${table.name}\` AS stored WHERE stored.${table.partition} BETWEEN @from_date AND @until_date`;
}

/** A path that shows the newest date is another date's by the time an older one is published again. */
const publishedStatement = `SELECT CAST(stored.game_date AS STRING) AS unit_date, stored.export_name AS unit_scope, stored.export_name AS key_0, stored.object_path AS key_1, stored.content_hash AS content, NOT (stored.object_path LIKE '%/latest.json' OR stored.object_path LIKE '%/today.json') AS stands FROM \`${publications.name}\` AS stored WHERE stored.game_date BETWEEN @from_date AND @until_date`;
