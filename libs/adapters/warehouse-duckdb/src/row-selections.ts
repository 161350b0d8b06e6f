import type { MergeBranch, Piece, Shape, TableReference } from '@handoff/portable-sql';
import { quoteName, quoteTable, render } from './sql/render.ts';

/** Existing rows that a statement is about to change or delete, as DuckDB text for `FROM … WHERE …`. */
export interface RowSelection {
  readonly from: string;
  readonly where: string;
  /** How the target's columns are qualified in it. */
  readonly alias: string;
  /** True when other tables are joined, so that a target row can occur more than once. */
  readonly joined: boolean;
}

/** The rows that UPDATE, DELETE or MERGE would touch, exactly; none for a statement that only reads or inserts. */
export function rowSelections(shape: Shape): readonly RowSelection[] {
  switch (shape.kind) {
    case 'select':
    case 'insert':
    case 'unknown':
      return [];
    case 'delete':
      return [selection(shape.target, { where: render(shape.condition) })];
    case 'update':
      return [selection(shape.target, { with: shape.from, where: render(shape.condition) })];
    case 'merge':
      return mergeSelections(shape);
  }
}

/** The same for a MERGE: the rows that it matches, joined with their source, and those that no source row matches. */
export function mergeSelections(shape: Extract<Shape, { kind: 'merge' }>): readonly RowSelection[] {
  const on = `(${render(shape.on)})`;
  const matched = shape.branches.filter((branch) => branch.match === 'matched');
  const orphaned = shape.branches.filter((branch) => branch.match === 'not-matched-by-source');
  const absent = `NOT EXISTS (SELECT 1 FROM ${render(shape.source)} WHERE ${on})`;
  return [
    ...(matched.length === 0
      ? []
      : [selection(shape.target, { with: shape.source, where: `${on} AND ${anyOf(matched)}` })]),
    ...(orphaned.length === 0 ? [] : [selection(shape.target, { where: `${absent} AND ${anyOf(orphaned)}` })]),
  ];
}

/** A WHEN clause without a condition takes every row. */
const anyOf = (branches: readonly MergeBranch[]): string =>
  `(${branches.map((branch) => (branch.condition.length === 0 ? 'TRUE' : `(${render(branch.condition)})`)).join(' OR ')})`;

interface Selected {
  readonly with?: readonly Piece[];
  readonly where: string;
}

function selection(target: TableReference, selected: Selected): RowSelection {
  const alias = quoteName(target.alias);
  const others = selected.with ?? [];
  return {
    from: `${quoteTable(target.table)} AS ${alias}${others.length === 0 ? '' : `, ${render(others)}`}`,
    where: `(${selected.where})`,
    alias,
    joined: others.length > 0,
  };
}
