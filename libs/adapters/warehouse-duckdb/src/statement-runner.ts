import type { Column, Row, TableDefinition } from '@handoff/contracts';
import {
  missingTable, onePerTarget, parseStatement, shapeOf, statementRefused, type Dialect, type ParsedStatement, type Piece, type Shape,
} from '@handoff/portable-sql';
import type { Parameters, Statement } from '@handoff/ports';
import type { Engine } from './engine.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { stageRows } from './merge.ts';
import { withValues } from './parameters.ts';
import { readColumns, readRows } from './read-rows.ts';
import { rowSelections, type RowSelection } from './row-selections.ts';
import { runMerge, type Changed } from './run-merge.ts';
import { render } from './sql/render.ts';
import type { StreamingBuffer } from './streaming-buffer.ts';

/** Rows as a parameter: an array of structs, to be read by UNNEST. Its columns are those of `table`. */
export interface RowsParameter {
  readonly table: TableDefinition;
  readonly rows: readonly Row[];
}

export interface GivenParameters {
  readonly values: Parameters;
  readonly rows?: Readonly<Record<string, RowsParameter>>;
}

export interface Selected {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

type Write = Extract<Shape, { kind: 'insert' | 'update' | 'delete' | 'merge' }>;

/** Runs statements of the subset against one engine, holding them to what BigQuery would refuse. */
export class StatementRunner {
  private readonly engine: Engine;
  private readonly buffer: StreamingBuffer;
  private readonly tables: ReadonlyMap<string, TableDefinition>;

  constructor(engine: Engine, buffer: StreamingBuffer, tables: ReadonlyMap<string, TableDefinition>) {
    this.engine = engine;
    this.buffer = buffer;
    this.tables = tables;
  }

  /** @throws `warehouse-statement-refused` for what the dialect does not contain, `warehouse-table-missing`. */
  parse(statement: Statement, dialect: Dialect): ParsedStatement {
    const parsed = parseStatement(statement.text, this.tables, dialect);
    const problem = parsed.problems[0];
    if (problem !== undefined) throw statementRefused(`${statement.name}: ${problem}`, { statement: statement.name, problems: parsed.problems });
    for (const { table } of parsed.references) this.table(table, statement.name);
    return parsed;
  }

  /** @throws `warehouse-table-missing`. */
  table(name: string, doing: string): TableDefinition {
    const table = this.tables.get(name);
    if (table === undefined) throw missingTable(name, doing);
    return table;
  }

  async select({ pieces }: ParsedStatement, given: GivenParameters, name: string): Promise<Selected> {
    const placed = await this.placeRows(pieces, given);
    const result = await this.engine.run(render(withValues(placed, given.values, name)));
    return { columns: readColumns(result, name), rows: await readRows(result, name) };
  }

  /** The rows of a SELECT without rows as parameters; from `kept` where the tables are still those that they were read from. */
  async selectRows({ pieces, references }: ParsedStatement, values: Parameters, { name, kept }: { readonly name: string; readonly kept: KeptAnswers }): Promise<readonly Row[]> {
    const sql = render(withValues(pieces, values, name));
    const tables = references.map(({ table }) => table);
    const known = kept.find(sql, tables);
    if (known !== undefined) return known;
    return kept.keep(sql, tables, await readRows(await this.engine.run(sql), name));
  }

  /**
   * Runs a statement that changes rows.
   *
   * @throws `warehouse-statement-refused` when two source rows meet one target row, `warehouse-streaming-buffer`.
   */
  async change(parsed: ParsedStatement, given: GivenParameters, name: string): Promise<Changed> {
    const pieces = withValues(await this.placeRows(parsed.pieces, given), given.values, name);
    const shape = writeShape(shapeOf(pieces), name);
    const selections = rowSelections(shape);
    await this.refuseSeveralSources(name, selections);
    await this.buffer.refuseIfTouched(this.table(shape.target.table, name), selections);
    if (shape.kind === 'merge') return runMerge(this.engine, shape);
    const { rowsChanged } = await this.engine.run(render(pieces));
    const none = { inserted: 0, updated: 0, deleted: 0 };
    switch (shape.kind) {
      case 'insert':
        return { ...none, inserted: rowsChanged };
      case 'update':
        return { ...none, updated: rowsChanged };
      case 'delete':
        return { ...none, deleted: rowsChanged };
    }
  }

  /** Puts rows that are parameters into temporary tables, and the tables in place of their UNNEST. */
  private async placeRows(pieces: readonly Piece[], { rows = {} }: GivenParameters): Promise<readonly Piece[]> {
    const names = Object.keys(rows);
    if (names.length === 0) return pieces;
    for (const [index, parameter] of Object.values(rows).entries()) await stageRows(this.engine, { name: rowTable(index), ...parameter });
    const placed: Piece[] = [];
    for (let at = 0; at < pieces.length; at += 1) {
      const piece = pieces[at];
      const index = piece?.text === 'UNNEST' && pieces[at + 2]?.kind === 'parameter' ? names.indexOf(pieces[at + 2]?.text ?? '') : -1;
      if (piece === undefined) break;
      placed.push(index === -1 ? piece : { kind: 'table', text: `temp.${rowTable(index)}` });
      // UNNEST, parenthesis, parameter, parenthesis.
      if (index !== -1) at += 3;
    }
    return placed;
  }

  /** DuckDB takes any of several source rows for one target row; BigQuery refuses, so that no result depends on chance. */
  private async refuseSeveralSources(name: string, selections: readonly RowSelection[]): Promise<void> {
    for (const selection of selections.filter(({ joined }) => joined)) {
      const sql = `SELECT 1 AS found FROM ${selection.from} WHERE ${selection.where} GROUP BY ${selection.alias}.rowid HAVING count(*) > 1 LIMIT 1`;
      const found = await this.engine.run(sql);
      if (found.rowCount > 0) throw statementRefused(`${name}: ${onePerTarget}`, { statement: name });
    }
  }
}

const rowTable = (index: number): string => `parameter_rows_${index}`;

function writeShape(shape: Shape, name: string): Write {
  if (shape.kind === 'select' || shape.kind === 'unknown') throw statementRefused(`${name}: it changes no rows`, { statement: name });
  return shape;
}
