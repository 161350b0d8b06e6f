import { DuckDBDateValue, DuckDBListValue, DuckDBTimestampTZValue, DuckDBTypeId, type DuckDBMaterializedResult, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import type { Column, ColumnType, Row } from '@handoff/contracts';
import { statementRefused } from '@handoff/portable-sql';

type Reader = (value: DuckDBValue) => unknown;

const msPerDay = 86_400_000;

/**
 * Every row of a result, values as the port promises them; types come from DuckDB's own result.
 *
 * @throws `warehouse-statement-refused` for a result that BigQuery would not give, or that a row cannot
 *   carry: a column without a name or with one twice, INT64 beyond 2^53, an infinite number, NULL in an array.
 */
export async function readRows(result: DuckDBMaterializedResult, doing: string): Promise<readonly Row[]> {
  const names = result.columnNames();
  refuseNames(names, doing);
  const readers = result.columnTypes().map((type, index) => readerOf(type, `${doing}: column ${names[index] ?? index}`));
  const rows: Record<string, unknown>[] = [];
  for (const chunk of await result.fetchAllChunks()) {
    const first = rows.length;
    // Read once: the engine is asked for it each time.
    const count = chunk.rowCount;
    for (let row = 0; row < count; row += 1) rows.push({});
    for (const [column, name] of names.entries()) {
      const vector = chunk.getColumnVector(column);
      const read = readers[column] ?? unreadable(`${doing}: column ${name}`);
      for (let row = 0; row < count; row += 1) {
        const target = rows[first + row];
        if (target !== undefined) target[name] = read(vector.getItem(row));
      }
    }
  }
  return rows;
}

const columnTypes: ReadonlyMap<DuckDBTypeId, ColumnType> = new Map([
  [DuckDBTypeId.VARCHAR, 'STRING'], [DuckDBTypeId.BOOLEAN, 'BOOL'], [DuckDBTypeId.INTEGER, 'INT64'], [DuckDBTypeId.BIGINT, 'INT64'], [DuckDBTypeId.HUGEINT, 'INT64'],
  [DuckDBTypeId.DOUBLE, 'FLOAT64'], [DuckDBTypeId.DATE, 'DATE'], [DuckDBTypeId.TIMESTAMP_TZ, 'TIMESTAMP'],
  // A bare NULL is an INT64 in BigQuery.
  [DuckDBTypeId.SQLNULL, 'INT64'],
]);

/**
 * The columns of a result in the types of the portable subset, all NULLABLE or REPEATED, as BigQuery describes a result.
 *
 * @throws `warehouse-statement-refused` for a type that is none of the subset.
 */
export function readColumns(result: DuckDBMaterializedResult, doing: string): readonly Column[] {
  const names = result.columnNames();
  return result.columnTypes().map((type, index) => {
    const name = names[index] ?? '';
    const element = type.typeId === DuckDBTypeId.LIST ? type.valueType : type;
    const known = element.typeId === DuckDBTypeId.VARCHAR && element.alias === 'JSON' ? 'JSON' : columnTypes.get(element.typeId);
    if (known === undefined) throw statementRefused(`${doing}: column ${name}: its type is none of the portable subset: CAST it`, { column: name });
    return { name, type: known, mode: type.typeId === DuckDBTypeId.LIST ? 'REPEATED' : 'NULLABLE' };
  });
}

function refuseNames(names: readonly string[], doing: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw statementRefused(`${doing}: the result column ${name} has no name: write AS name`, { column: name });
    if (seen.has(name.toLowerCase())) throw statementRefused(`${doing}: duplicate column names in the result are not supported: ${name}`, { column: name });
    seen.add(name.toLowerCase());
  }
}

function readerOf(type: DuckDBType, where: string): Reader {
  if (type.typeId === DuckDBTypeId.LIST) return listReader(readerOf(type.valueType, where), where);
  if (type.typeId === DuckDBTypeId.VARCHAR && type.alias === 'JSON') return (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : null);
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.SQLNULL:
      return (value) => value;
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.HUGEINT:
      return (value) => (typeof value === 'bigint' ? wholeNumber(value, where) : null);
    case DuckDBTypeId.DOUBLE:
      return (value) => finite(value, where);
    case DuckDBTypeId.DATE:
      return dateReader();
    case DuckDBTypeId.TIMESTAMP_TZ:
      return (value) => (value instanceof DuckDBTimestampTZValue ? Number(value.micros / 1000n) : null);
    default:
      return unreadable(where);
  }
}

function wholeNumber(value: bigint, where: string): number {
  const converted = Number(value);
  if (!Number.isSafeInteger(converted)) throw statementRefused(`${where}: ${value} does not fit a number exactly: CAST it to STRING`, {});
  return converted;
}

function finite(value: DuckDBValue, where: string): DuckDBValue {
  if (typeof value === 'number' && !Number.isFinite(value)) throw statementRefused(`${where}: floating point overflow`, {});
  return value;
}

/** A season's rows share few dates, so each is written out once. */
function dateReader(): Reader {
  const texts = new Map<number, string>();
  return (value) => {
    if (!(value instanceof DuckDBDateValue)) return null;
    const known = texts.get(value.days);
    if (known !== undefined) return known;
    const text = new Date(value.days * msPerDay).toISOString().slice(0, 10);
    texts.set(value.days, text);
    return text;
  };
}

function listReader(read: Reader, where: string): Reader {
  return (value) => {
    // BigQuery gives an empty array for a NULL one, and refuses a NULL inside.
    if (!(value instanceof DuckDBListValue)) return [];
    if (value.items.includes(null)) throw statementRefused(`${where}: array cannot have a null element: filter with WHERE … IS NOT NULL`, {});
    return value.items.map(read);
  };
}

const unreadable = (where: string): Reader => () => {
  throw statementRefused(`${where}: its type is none of the portable subset: CAST it`, {});
};
