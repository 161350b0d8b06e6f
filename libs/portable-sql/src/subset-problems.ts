import { closing, isKeyword, isSymbol, type Piece } from './pieces.ts';
import type { Shape } from './shape.ts';
import { castTypes, functions, nullSkipping, orderedAggregates, refusedWords } from './subset.ts';

/**
 * What the pieces contain that the portable subset does not, as sentences that say what to write instead.
 *
 * @param more - functions that are allowed besides.
 */
export function subsetProblems(pieces: readonly Piece[], shape: Shape, more: ReadonlySet<string> = new Set()): readonly string[] {
  const problems = pieces.flatMap((piece, index) => (piece.kind === 'function' && more.has(piece.text) ? [] : problemsAt(pieces, index, piece)));
  return shape.kind === 'unknown' ? [shape.problem, ...problems] : problems;
}

function problemsAt(pieces: readonly Piece[], index: number, piece: Piece): readonly string[] {
  switch (piece.kind) {
    case 'function':
      return functionProblems(pieces, index, piece.text);
    case 'keyword':
      return keywordProblems(pieces, index, piece.text);
    case 'symbol':
      return piece.text === ';' ? ['one statement at a time: send the others on their own'] : [];
    case 'table':
      return /^\w+\.\w+$/.test(piece.text) ? [] : [`table \`${piece.text}\`: write \`dataset.table\`; the project comes from the connection`];
    case 'name':
      return unquotedTable(pieces, index) ? [`table ${piece.text}.…: write tables in backticks, \`dataset.table\``] : [];
    case 'string':
    case 'number':
    case 'parameter':
    case 'literal':
      return [];
  }
}

function functionProblems(pieces: readonly Piece[], index: number, name: string): readonly string[] {
  if (isSymbol(pieces[index - 1], '.') || !functions.has(name)) {
    return [`function ${name} is not in the portable subset: use one of docs/sql.md, or compute it in TypeScript and pass a parameter`];
  }
  const end = closing(pieces, index + 1);
  const inside = pieces.slice(index + 2, end);
  if (name === 'CAST' || name === 'SAFE_CAST') return castProblems(name, inside);
  if (name === 'DATE_DIFF') return dateDiffProblems(inside);
  if (name === 'COUNTIF' && isKeyword(inside[0], 'DISTINCT')) return ['COUNTIF(DISTINCT …) is outside the subset: use COUNT(DISTINCT IF(…, x, NULL))'];
  return clauseProblems(name, inside);
}

function castProblems(name: string, inside: readonly Piece[]): readonly string[] {
  const type = inside.at(-1);
  if (isKeyword(inside.at(-2), 'AS') && type?.kind === 'name' && castTypes.has(type.text.toUpperCase())) return [];
  return [`${name} to this type is outside the subset: the types are ${[...castTypes].join(', ')}`];
}

function dateDiffProblems(inside: readonly Piece[]): readonly string[] {
  const part = inside.at(-1);
  if (isSymbol(inside.at(-2), ',') && part?.kind === 'name' && part.text.toUpperCase() === 'DAY') return [];
  return ['DATE_DIFF counts days only: DATE_DIFF(later, earlier, DAY)'];
}

/** ORDER BY, LIMIT and IGNORE NULLS inside the parentheses of a function, one level deep. */
function clauseProblems(name: string, inside: readonly Piece[]): readonly string[] {
  const problems: string[] = [];
  let depth = 0;
  for (const piece of inside) {
    if (isSymbol(piece, '(')) depth += 1;
    if (isSymbol(piece, ')')) depth -= 1;
    if (depth > 0) continue;
    if (isKeyword(piece, 'IGNORE') && !nullSkipping.has(name)) problems.push(`${name}(… IGNORE NULLS) is outside the subset: filter with WHERE … IS NOT NULL`);
    if (isKeyword(piece, 'LIMIT')) problems.push(`${name}(… LIMIT n) is outside the subset: use QUALIFY ROW_NUMBER()`);
    if (isKeyword(piece, 'HAVING')) problems.push(`${name}(… HAVING …) is outside the subset: use QUALIFY ROW_NUMBER()`);
    if (isKeyword(piece, 'ORDER') && !orderedAggregates.has(name)) problems.push(`${name}(… ORDER BY …) is outside the subset`);
  }
  return problems;
}

function keywordProblems(pieces: readonly Piece[], index: number, word: string): readonly string[] {
  const refusal = refusedWords.get(word);
  if (refusal !== undefined) return [`${word} is outside the subset: ${refusal}`];
  const next = pieces[index + 1];
  switch (word) {
    case 'UNION':
      return isKeyword(next, 'ALL') || isKeyword(next, 'DISTINCT') ? [] : ['UNION is followed by ALL or DISTINCT'];
    case 'INTERSECT':
      return isKeyword(next, 'DISTINCT') ? [] : ['INTERSECT is followed by DISTINCT'];
    case 'EXCEPT':
      return isKeyword(next, 'DISTINCT') || isSelectStar(pieces, index - 1) ? [] : ['EXCEPT is followed by DISTINCT'];
    case 'DISTINCT':
      return isKeyword(next, 'ON') ? ['DISTINCT ON is outside the subset: use QUALIFY ROW_NUMBER()'] : [];
    case 'LIKE':
      return next?.kind === 'string' && !next.text.includes('\\') ? [] : ['LIKE takes a string literal without backslashes: the engines escape differently'];
    case 'OFFSET':
      return isKeyword(pieces[index - 1], 'WITH') ? ['UNNEST … WITH OFFSET is outside the subset: keep the position as a column'] : [];
    case 'UNNEST':
      return unnestProblems(pieces, index);
    default:
      return [];
  }
}

const unnestAdvice = 'UNNEST stands as x IN UNNEST(@list), or in FROM and JOIN as UNNEST(@list) AS name or UNNEST(t.column) AS name';

function unnestProblems(pieces: readonly Piece[], index: number): readonly string[] {
  const end = closing(pieces, index + 1);
  const inside = pieces.slice(index + 2, end);
  if (isKeyword(pieces[index - 1], 'IN')) return inside.length === 1 && inside[0]?.kind === 'parameter' ? [] : [unnestAdvice];
  const simple = inside.every((piece) => piece.kind === 'parameter' || piece.kind === 'name' || isSymbol(piece, '.'));
  const aliased = isKeyword(pieces[end + 1], 'AS') && pieces[end + 2]?.kind === 'name';
  return simple && inside.length > 0 && aliased ? [] : [unnestAdvice];
}

/** `*` that stands for all columns rather than for multiplication. */
export function isSelectStar(pieces: readonly Piece[], index: number): boolean {
  const before = pieces[index - 1];
  return isSymbol(pieces[index], '*') && (isKeyword(before, 'SELECT') || isKeyword(before, 'DISTINCT') || isSymbol(before, ',') || isSymbol(before, '.'));
}

function unquotedTable(pieces: readonly Piece[], index: number): boolean {
  const before = pieces[index - 1];
  const opens = ['FROM', 'JOIN', 'INTO', 'UPDATE', 'MERGE', 'USING'].some((word) => isKeyword(before, word));
  return opens && isSymbol(pieces[index + 1], '.');
}
