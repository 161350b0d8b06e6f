import { isKeyword, isSymbol, outermost, type Piece } from './pieces.ts';

/** A table as a statement names it. */
export interface TableReference {
  readonly table: string;
  /** How its columns are qualified: the alias, else the table's own name without the dataset. */
  readonly alias: string;
  /** False for the target of INSERT, which is written and never read. */
  readonly read: boolean;
}

/** One WHEN clause of a MERGE; `condition` is what follows AND, `pieces` the whole clause. */
export interface MergeBranch {
  readonly pieces: readonly Piece[];
  readonly match: 'matched' | 'not-matched' | 'not-matched-by-source';
  readonly condition: readonly Piece[];
  readonly action: readonly Piece[];
}

/** What a statement does, as far as its checks need to know. */
export type Shape =
  | { readonly kind: 'select' }
  | { readonly kind: 'insert'; readonly target: TableReference }
  | { readonly kind: 'delete'; readonly target: TableReference; readonly condition: readonly Piece[] }
  | { readonly kind: 'update'; readonly target: TableReference; readonly from: readonly Piece[]; readonly condition: readonly Piece[] }
  | {
      readonly kind: 'merge';
      /** What stands before the first WHEN. */
      readonly head: readonly Piece[];
      readonly target: TableReference;
      readonly source: readonly Piece[];
      readonly on: readonly Piece[];
      readonly branches: readonly MergeBranch[];
    }
  | { readonly kind: 'unknown'; readonly problem: string };

const unknown = (problem: string): Shape => ({ kind: 'unknown', problem });

/** Reads what kind of statement this is and, where it changes rows, which ones. */
export function shapeOf(pieces: readonly Piece[]): Shape {
  const first = pieces[0];
  if (first === undefined) return unknown('the statement is empty');
  const start = first.kind === 'keyword' || first.kind === 'name' ? first.text.toUpperCase() : first.text;
  switch (start) {
    case 'SELECT':
    case 'WITH':
    case '(':
      return { kind: 'select' };
    case 'INSERT':
      return insertShape(pieces);
    case 'DELETE':
      return deleteShape(pieces);
    case 'UPDATE':
      return updateShape(pieces);
    case 'MERGE':
      return mergeShape(pieces);
    default:
      return unknown(`a statement starts with SELECT, WITH, MERGE, UPDATE, DELETE or INSERT, not with ${start}: send one statement, without scripting`);
  }
}

/** Every table that the pieces name, with its alias. */
export function tableReferences(pieces: readonly Piece[]): readonly TableReference[] {
  return pieces.flatMap((piece, index) => (piece.kind === 'table' ? [referenceAt(pieces, index)] : []));
}

function referenceAt(pieces: readonly Piece[], index: number): TableReference {
  const table = pieces[index]?.text ?? '';
  const afterTable = isKeyword(pieces[index + 1], 'AS') ? index + 2 : index + 1;
  const alias = pieces[afterTable];
  return {
    table,
    alias: alias?.kind === 'name' ? alias.text : table.slice(table.lastIndexOf('.') + 1),
    read: !isKeyword(pieces[index - 1], 'INTO') || !isKeyword(pieces[index - 2], 'INSERT'),
  };
}

function target(pieces: readonly Piece[], optional: string): TableReference | undefined {
  const index = isKeyword(pieces[1], optional) ? 2 : 1;
  return pieces[index]?.kind === 'table' ? referenceAt(pieces, index) : undefined;
}

function insertShape(pieces: readonly Piece[]): Shape {
  const into = target(pieces, 'INTO');
  if (into === undefined || !isKeyword(pieces[1], 'INTO')) return unknown('write INSERT INTO `dataset.table` (columns) SELECT …');
  if (outermost(pieces, 'VALUES').length > 0) return unknown('INSERT … VALUES is outside the subset: write rows through the merge of the warehouse port');
  if (!isSymbol(pieces[3], '(')) return unknown('INSERT names its columns: INSERT INTO `dataset.table` (columns) SELECT …');
  return { kind: 'insert', target: into };
}

function deleteShape(pieces: readonly Piece[]): Shape {
  const from = target(pieces, 'FROM');
  const where = outermost(pieces, 'WHERE')[0];
  if (from === undefined || !isKeyword(pieces[1], 'FROM')) return unknown('write DELETE FROM `dataset.table` WHERE …');
  if (where === undefined) return unknown('DELETE must have a WHERE clause');
  return { kind: 'delete', target: from, condition: pieces.slice(where + 1) };
}

function updateShape(pieces: readonly Piece[]): Shape {
  const updated = target(pieces, 'INTO');
  const where = outermost(pieces, 'WHERE')[0];
  const from = outermost(pieces, 'FROM')[0];
  if (updated === undefined) return unknown('write UPDATE `dataset.table` SET … WHERE …');
  if (where === undefined) return unknown('UPDATE must have a WHERE clause');
  return { kind: 'update', target: updated, from: from === undefined ? [] : pieces.slice(from + 1, where), condition: pieces.slice(where + 1) };
}

function mergeShape(pieces: readonly Piece[]): Shape {
  const into = target(pieces, 'INTO');
  const using = outermost(pieces, 'USING')[0];
  const on = outermost(pieces, 'ON')[0];
  const starts = outermost(pieces, 'WHEN');
  const firstBranch = starts[0];
  if (into === undefined || using === undefined || on === undefined || firstBranch === undefined) {
    return unknown('write MERGE INTO `dataset.table` AS T USING (…) AS S ON … WHEN …');
  }
  const branches = starts.map((start, index) => branchOf(pieces.slice(start, starts[index + 1])));
  if (branches.some((branch) => isKeyword(branch.action[0], 'INSERT') && isKeyword(branch.action[1], 'ROW'))) {
    return unknown('INSERT ROW is outside the subset: name the columns');
  }
  return { kind: 'merge', head: pieces.slice(0, firstBranch), target: into, source: pieces.slice(using + 1, on), on: pieces.slice(on + 1, firstBranch), branches };
}

function branchOf(pieces: readonly Piece[]): MergeBranch {
  const then = outermost(pieces, 'THEN')[0] ?? pieces.length;
  const head = pieces.slice(0, then);
  const and = outermost(head, 'AND')[0];
  const bySource = head.some((piece) => isKeyword(piece, 'SOURCE'));
  const notMatched = isKeyword(head[1], 'NOT');
  return {
    pieces,
    match: notMatched ? (bySource ? 'not-matched-by-source' : 'not-matched') : 'matched',
    condition: and === undefined ? [] : head.slice(and + 1),
    action: pieces.slice(then + 1),
  };
}
