import { keywords, keywordsAfter, refusedWords } from './subset.ts';
import type { Token } from './tokens.ts';

/**
 * A token with its role in the statement. `keyword` and `function` are in upper case; a `table` is
 * `dataset.table`, a `name` any other identifier. A `literal` is what an adapter puts in place of a parameter, in the
 * words of its engine; no statement is read into one.
 */
export interface Piece {
  readonly kind: 'keyword' | 'function' | 'table' | 'name' | 'string' | 'number' | 'parameter' | 'literal' | 'symbol';
  readonly text: string;
}

/** Tells keywords, function calls, tables and names apart, by the words around them. */
export function piecesOf(tokens: readonly Token[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const [index, token] of tokens.entries()) pieces.push(pieceOf(token, pieces.at(-1), tokens[index + 1]));
  return pieces;
}

function pieceOf(token: Token, previous: Piece | undefined, next: Token | undefined): Piece {
  if (token.kind === 'quoted') return { kind: token.text.includes('.') ? 'table' : 'name', text: token.text };
  if (token.kind !== 'word') return { kind: token.kind, text: token.text };
  const upper = token.text.toUpperCase();
  const called = isSymbol(next, '(');
  // The FROM of IS DISTINCT FROM opens no clause, so it is none to whoever looks for one.
  if (upper === 'FROM' && isKeyword(previous, 'DISTINCT')) return { kind: 'symbol', text: upper };
  // After a dot or AS stands a name, whatever it is called: T.source, COUNT(*) AS rows.
  if (isSymbol(previous, '.') || isKeyword(previous, 'AS')) return called ? { kind: 'function', text: upper } : { kind: 'name', text: token.text };
  if (isGrammar(upper, previous, next)) return { kind: 'keyword', text: upper };
  if (called) return { kind: 'function', text: upper };
  return { kind: 'name', text: token.text };
}

function isGrammar(upper: string, previous: Piece | undefined, next: Token | undefined): boolean {
  const after = keywordsAfter.get(upper);
  if (after !== undefined) return previous?.kind === 'keyword' && after.has(previous.text);
  if (upper === 'DATE' || upper === 'TIMESTAMP') return next?.kind === 'string';
  if (upper === 'OFFSET') return previous?.kind === 'number' || previous?.kind === 'parameter' || isKeyword(previous, 'WITH');
  // LEFT(…) and RIGHT(…) are functions of GoogleSQL, and not in the list.
  if (isSymbol(next, '(') && (upper === 'LEFT' || upper === 'RIGHT')) return false;
  return keywords.has(upper) || refusedWords.has(upper);
}

export const isKeyword = (piece: Piece | undefined, text: string): boolean => piece?.kind === 'keyword' && piece.text === text;

export const isSymbol = (piece: Piece | Token | undefined, text: string): boolean => piece?.kind === 'symbol' && piece.text === text;

/** The index of the parenthesis that closes the one at `open`; the end of the pieces when none does. */
export function closing(pieces: readonly Piece[], open: number): number {
  let depth = 0;
  for (let index = open; index < pieces.length; index += 1) {
    if (isSymbol(pieces[index], '(')) depth += 1;
    if (isSymbol(pieces[index], ')')) depth -= 1;
    if (depth === 0) return index;
  }
  return pieces.length;
}

/** Where `keyword` stands outside parentheses and CASE expressions, in order. */
export function outermost(pieces: readonly Piece[], keyword: string): readonly number[] {
  const found: number[] = [];
  let depth = 0;
  for (const [index, piece] of pieces.entries()) {
    if (depth === 0 && isKeyword(piece, keyword)) found.push(index);
    if (isSymbol(piece, '(') || isKeyword(piece, 'CASE')) depth += 1;
    if (isSymbol(piece, ')') || isKeyword(piece, 'END')) depth -= 1;
  }
  return found;
}
