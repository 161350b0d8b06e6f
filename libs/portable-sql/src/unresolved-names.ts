import { isKeyword, isSymbol, type Piece } from './pieces.ts';

/**
 * Names in a statement that are neither one of `columns` nor introduced by the statement itself: columns, in all
 * likelihood, that its tables do not have. For a statement that an engine has refused; it reads words only.
 */
export function unresolvedNames(pieces: readonly Piece[], columns: Iterable<string>): readonly string[] {
  const known = new Set(['day', ...[...columns, ...introduced(pieces)].map((name) => name.toLowerCase())]);
  const names = pieces.filter((piece, index) => piece.kind === 'name' && !isSymbol(pieces[index + 1], '.')).map(({ text }) => text);
  return [...new Set(names.filter((name) => !known.has(name.toLowerCase())))];
}

/** Names that stand after AS, after a table or a parenthesis (aliases without AS), or before AS ( as those of WITH do. */
function introduced(pieces: readonly Piece[]): readonly string[] {
  const isIntroduced = (index: number): boolean => {
    const previous = pieces[index - 1];
    return isKeyword(previous, 'AS') || previous?.kind === 'table' || isSymbol(previous, ')') || (isKeyword(pieces[index + 1], 'AS') && isSymbol(pieces[index + 2], '('));
  };
  return pieces.filter((piece, index) => piece.kind === 'name' && isIntroduced(index)).map(({ text }) => text);
}
