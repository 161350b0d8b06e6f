import { z } from 'zod';
import { isInstant, type EpochMs } from './time.ts';

/** Column types of the portable subset: those that BigQuery and the embedded engine agree on. */
export type ColumnType = 'STRING' | 'INT64' | 'FLOAT64' | 'BOOL' | 'DATE' | 'TIMESTAMP' | 'JSON';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly mode: 'REQUIRED' | 'NULLABLE' | 'REPEATED';
}

const columnTypes = z.registry<{ column: ColumnType }>();

const column = <Schema extends z.ZodType>(schema: Schema, type: ColumnType): Schema => {
  columnTypes.add(schema, { column: type });
  return schema;
};

/** Column schemas for rows. Each knows the warehouse type that it is stored as. */
export const text = () => column(z.string(), 'STRING');
/** A whole number that fits a double exactly. */
export const integer = () => column(z.int(), 'INT64');
/** A finite number. Transforms round it to the scale that the row's docstring names. */
export const real = () => column(z.number(), 'FLOAT64');
export const flag = () => column(z.boolean(), 'BOOL');
/** A calendar date, `YYYY-MM-DD`. */
export const date = () => column(z.iso.date(), 'DATE');
/** An instant: epoch milliseconds in rows, TIMESTAMP in the warehouse. */
export const instant = () => column(z.custom<EpochMs>(isInstant), 'TIMESTAMP');
/** Any JSON value. Stored as JSON; never part of a key. */
export const json = () => column(z.json(), 'JSON');
/** A list of text; empty rather than null. */
export const texts = () => z.array(text());
/** A list of numbers; empty rather than null. */
export const reals = () => z.array(real());

/**
 * The columns that a row schema stands for, in the schema's order.
 *
 * @throws TypeError for a field that was not built with the column schemas of this file.
 */
export function columnsOf(row: z.ZodObject): readonly Column[] {
  const shape: Readonly<Record<string, z.core.$ZodType>> = row.shape;
  return Object.entries(shape).map(([name, schema]) => columnOf(name, schema));
}

function columnOf(name: string, schema: z.core.$ZodType): Column {
  if (schema instanceof z.ZodNullable) return { ...columnOf(name, schema.unwrap()), mode: 'NULLABLE' };
  if (schema instanceof z.ZodArray) return { ...columnOf(name, schema.element), mode: 'REPEATED' };
  const known = columnTypes.get(schema);
  if (known === undefined) throw new TypeError(`column ${name} is not built from the column schemas of contracts`);
  return { name, type: known.column, mode: 'REQUIRED' };
}

/** A row as it travels between flows and the warehouse. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * A warehouse table. The catalogue lists every one; adapters, provisioning and docs derive from it.
 *
 * `key` is the natural key: no nullable column in it. `business` are the columns that say what the row
 * means; a row is unchanged when they are, and digests cover them alone.
 */
export interface TableDefinition {
  /** `dataset.table`. */
  readonly name: string;
  readonly description: string;
  readonly row: z.ZodObject;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  readonly business: readonly string[];
  /** A DATE column, or a TIMESTAMP column partitioned by its UTC day. */
  readonly partition: string;
  readonly cluster: readonly string[];
  /** True: every statement that reads or changes the table must bound the partition column. */
  readonly partitionFilterRequired: boolean;
  /** Days until a partition expires; absent: kept. */
  readonly retentionDays?: number;
}

/** A view over tables of the catalogue: a name for a question that people and tools keep asking. */
export interface ViewDefinition {
  /** `dataset.view`. */
  readonly name: string;
  readonly description: string;
  /** One SELECT of the portable subset, without parameters. */
  readonly text: string;
  /** The view's columns, in the order of its SELECT. */
  readonly columns: readonly Column[];
}
