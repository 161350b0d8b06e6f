import type { TableDefinition, ViewDefinition } from '@handoff/contracts';
import { z } from 'zod';
import { missingPartitionFilters } from './partition-filter.ts';
import { piecesOf, type Piece } from './pieces.ts';
import { shapeOf, tableReferences, type Shape, type TableReference } from './shape.ts';
import { subsetProblems } from './subset-problems.ts';
import { comparedText } from './subset.ts';
import { tokenize } from './tokens.ts';

/** A statement of the portable subset, read once: what it says, what it touches, and what is wrong with it. */
export interface ParsedStatement {
  readonly pieces: readonly Piece[];
  readonly shape: Shape;
  readonly references: readonly TableReference[];
  /** Empty for a statement that may run. */
  readonly problems: readonly string[];
}

/** The dialects that a statement may be in: what flows write, or besides what the merges of adapters are made of. */
export type Dialect = 'portable' | 'adapter';

const adapterFunctions: ReadonlySet<string> = new Set([comparedText]);

/** Reads a statement. `tables` are those that exist, by name; a missing partition filter is a problem of the statement. */
export function parseStatement(text: string, tables: ReadonlyMap<string, TableDefinition>, dialect: Dialect = 'portable'): ParsedStatement {
  const read = tokenize(text);
  const pieces = piecesOf(withoutFinalSemicolon(read.tokens));
  const shape = shapeOf(pieces);
  const references = tableReferences(pieces);
  const problems = [...read.problems, ...subsetProblems(pieces, shape, dialect === 'adapter' ? adapterFunctions : undefined)];
  return { pieces, shape, references, problems: problems.length > 0 ? problems : missingPartitionFilters(pieces, references, tables) };
}

/**
 * What keeps a statement out of the portable subset of docs/sql.md: one sentence for each problem, none
 * when both engines run it. It reads words, not types: that columns exist and types fit, only an engine tells.
 *
 * @param tables - the tables whose partition filters are demanded; every table named must be among them.
 */
export function checkStatement(text: string, tables: readonly TableDefinition[]): readonly string[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const statement = parseStatement(text, byName);
  const missing = statement.references.filter(({ table }) => !byName.has(table)).map(({ table }) => `no table ${table} in the catalogue`);
  return [...new Set([...statement.problems, ...missing])];
}

function withoutFinalSemicolon<Token extends { readonly kind: string; readonly text: string }>(tokens: readonly Token[]): readonly Token[] {
  const last = tokens.at(-1);
  return last?.kind === 'symbol' && last.text === ';' ? tokens.slice(0, -1) : tokens;
}

/** Names of the parameters that the pieces use. */
export const parametersOf = (pieces: readonly Piece[]): ReadonlySet<string> =>
  new Set(pieces.filter((piece) => piece.kind === 'parameter').map((piece) => piece.text));

/** What is wrong with a statement that was given to the other call of the port. */
export const wrongCall = (port: 'query' | 'execute'): string =>
  port === 'query' ? 'query takes SELECT and WITH: send a statement that changes rows through execute' : 'execute takes MERGE, UPDATE, DELETE and INSERT: send SELECT through query';

/** A view as statements see it: columns to read, and nothing that a write could go by. */
export const readAsTable = ({ name, description, columns }: ViewDefinition): TableDefinition => ({
  name, description, columns, row: z.object({}), key: [], business: [], partition: '', cluster: [], partitionFilterRequired: false,
});
