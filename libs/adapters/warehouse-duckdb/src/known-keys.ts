import type { Row, TableDefinition } from '@handoff/contracts';
import { isDay } from '@handoff/portable-sql';
import type { MergeRequest } from '@handoff/ports';
import type { Engine } from './engine.ts';
import { readRows } from './read-rows.ts';
import { quoteName, quoteTable, quoteText } from './sql/render.ts';

/** All keys of a part of a table; `occupied` where it holds rows and their keys are not known, so that a merge has to look. */
type PartContent = Set<string> | 'occupied';

/** The part of a table whose rows may move from one partition to another: all of it. */
const wholeTable = '*';

/** A part with more rows than this is not read to learn its keys. */
const keysMax = 20_000;

/**
 * Which keys a table holds, for as long as all writes to it are seen here. A merge whose rows are all new, and whose
 * scope and order meet no row, is an insert of its rows: it needs no staging table and no comparison. Logs, and the
 * first load of a day, are of that kind. In doubt a part is `occupied`.
 */
export class KnownKeys {
  readonly #engine: Engine;
  readonly #reordered: ReadonlySet<string>;
  readonly #parts = new Map<string, Map<string, PartContent>>();

  /** @param reordered - tables that an appender, which goes by position, must not be used on. */
  constructor(engine: Engine, reordered: ReadonlySet<string>) {
    this.#engine = engine;
    this.#reordered = reordered;
  }

  /** True when the merge would do nothing but insert all of its rows. */
  async insertsAll(table: TableDefinition, request: MergeRequest): Promise<boolean> {
    const parts = partsOf(table, request);
    if (parts === undefined || this.#reordered.has(table.name)) return false;
    const meetsAny = mayMeetAny(request);
    await this.#learn(table, parts, meetsAny);
    const contents = parts.map((part) => this.#content(table, part));
    if (contents.includes('occupied')) return false;
    if (meetsAny) return contents.every((content) => content !== 'occupied' && content.size === 0);
    return request.rows.every((row) => !contents.some((content) => content !== 'occupied' && content.has(keyOf(table, row))));
  }

  /** Notes that exactly these rows were added. */
  added(table: TableDefinition, rows: readonly Row[]): void {
    for (const row of rows) {
      const content = this.#content(table, partOf(table, row) ?? wholeTable);
      if (content !== 'occupied') content.add(keyOf(table, row));
    }
  }

  /**
   * To be called before a merge that is more than an insert: its parts count as occupied until what is returned is
   * called, once the merge is through. A log into which one row was written again goes on to be appended to. A key that
   * such a merge has left out counts as there, which costs a comparison and nothing else.
   */
  merging(table: TableDefinition, request: MergeRequest): () => void {
    const parts = partsOf(table, request);
    if (parts === undefined) this.forget(table.name);
    const before = (parts ?? []).map((part) => [part, this.#content(table, part)] as const);
    for (const [part] of before) this.#of(table).set(part, 'occupied');
    return () => {
      if (mayMeetAny(request)) return;
      for (const [part, content] of before) this.#of(table).set(part, content);
      this.added(table, request.rows);
    };
  }

  /** To be called before a table is written in any other way. */
  forget(table: string): void {
    this.#parts.delete(table);
  }

  /** Reads the parts that nothing is known of. Where no row may be met it is enough to know that there is one. */
  async #learn(table: TableDefinition, parts: readonly string[], meetsAny: boolean): Promise<void> {
    const unknown = parts.filter((part) => !this.#of(table).has(part));
    if (unknown.length === 0) return;
    const columns = table.key.map(quoteName).join(', ');
    const where = unknown.includes(wholeTable) ? '' : ` WHERE ${quoteName(table.partition)} IN (${unknown.map((day) => `DATE ${quoteText(day)}`).join(', ')})`;
    const found = await readRows(await this.#engine.run(`SELECT ${columns} FROM ${quoteTable(table.name)}${where} LIMIT ${meetsAny && unknown.length === 1 ? 1 : keysMax + 1}`), `keys of ${table.name}`);
    const isWhole = found.length <= (meetsAny && unknown.length === 1 ? 0 : keysMax);
    for (const part of unknown) this.#of(table).set(part, isWhole ? new Set() : 'occupied');
    if (isWhole) this.added(table, found);
  }

  #content(table: TableDefinition, part: string): PartContent {
    return this.#of(table).get(part) ?? 'occupied';
  }

  #of(table: TableDefinition): Map<string, PartContent> {
    const parts = this.#parts.get(table.name) ?? new Map<string, PartContent>();
    this.#parts.set(table.name, parts);
    return parts;
  }
}

/** True for a merge that has to look at rows of other keys than its own. */
const mayMeetAny = ({ order, replaceScope, insertsOnly }: MergeRequest): boolean => order !== undefined || (replaceScope !== undefined && insertsOnly !== true);

const keyOf = (table: TableDefinition, row: Row): string => JSON.stringify(table.key.map((name) => row[name]));

const isKeptByDay = (table: TableDefinition): boolean => table.key.includes(table.partition) && table.columns.some(({ name, type }) => name === table.partition && type === 'DATE');

/** The part that a row is in; undefined for a row whose partition is no day, which no table takes. */
function partOf(table: TableDefinition, row: Row): string | undefined {
  if (!isKeptByDay(table)) return wholeTable;
  const day = row[table.partition];
  return typeof day === 'string' && isDay(day) ? day : undefined;
}

/** The parts that a merge is about; undefined for one that has to be looked at by the engine. */
function partsOf(table: TableDefinition, { rows, replaceScope, order }: MergeRequest): readonly string[] | undefined {
  const columns = new Set(table.columns.map(({ name }) => name));
  if ([order?.column, order?.unit, replaceScope?.column].some((name) => name !== undefined && !columns.has(name))) return undefined;
  const parts = [...rows.map((row) => partOf(table, row)), ...(replaceScope?.partitions ?? []).map((day) => (isDay(day) ? (isKeptByDay(table) ? day : wholeTable) : undefined))];
  const known = [...new Set(parts)].filter((part) => part !== undefined);
  return parts.includes(undefined) ? undefined : known;
}
