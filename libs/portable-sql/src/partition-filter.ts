import type { TableDefinition } from '@handoff/contracts';
import { isKeyword, isSymbol, type Piece } from './pieces.ts';
import type { TableReference } from './shape.ts';

/**
 * The tables that a statement reads or changes without bounding their partition column, in BigQuery's words.
 *
 * The check reads words: somewhere in the statement the partition column, bare or qualified by the alias of
 * that reference, is compared (=, <, <=, >, >=, IN, BETWEEN) with a parameter or a literal. A comparison of
 * two columns bounds nothing. It does not see which SELECT a bare column belongs to, nor an OR around it;
 * BigQuery does, so qualify the column where two tables have the same one.
 */
export function missingPartitionFilters(
  pieces: readonly Piece[], references: readonly TableReference[], tables: ReadonlyMap<string, TableDefinition>,
): readonly string[] {
  return references.flatMap((reference) => {
    const definition = tables.get(reference.table);
    if (definition?.partitionFilterRequired !== true || !reference.read) return [];
    if (pieces.some((_, index) => bounds(pieces, index, { column: definition.partition, alias: reference.alias }))) return [];
    return [
      `Cannot query over table '${reference.table}' without a filter over column(s) '${definition.partition}' that can be used for partition elimination`,
    ];
  });
}

function bounds(pieces: readonly Piece[], index: number, wanted: { readonly column: string; readonly alias: string }): boolean {
  const piece = pieces[index];
  if (piece?.kind !== 'name' || !sameName(piece.text, wanted.column)) return false;
  const qualified = isSymbol(pieces[index - 1], '.');
  const qualifier = pieces[index - 2];
  if (qualified && (qualifier?.kind !== 'name' || !sameName(qualifier.text, wanted.alias))) return false;
  return comparedAfter(pieces, index + 1) || comparedBefore(pieces, qualified ? index - 3 : index - 1);
}

const comparisons = ['=', '<', '<=', '>', '>='];

function comparedAfter(pieces: readonly Piece[], at: number): boolean {
  if (isKeyword(pieces[at], 'IN')) return isKeyword(pieces[at + 1], 'UNNEST') || (isSymbol(pieces[at + 1], '(') && isConstant(pieces, at + 2));
  if (isKeyword(pieces[at], 'BETWEEN')) return isConstant(pieces, at + 1);
  return comparisons.some((symbol) => isSymbol(pieces[at], symbol)) && isConstant(pieces, at + 1);
}

function comparedBefore(pieces: readonly Piece[], at: number): boolean {
  const other = pieces[at - 1];
  return comparisons.some((symbol) => isSymbol(pieces[at], symbol)) && (other?.kind === 'parameter' || other?.kind === 'string');
}

function isConstant(pieces: readonly Piece[], at: number): boolean {
  const piece = pieces[at];
  return piece?.kind === 'parameter' || piece?.kind === 'string' || isKeyword(piece, 'DATE') || isKeyword(piece, 'TIMESTAMP');
}

const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
