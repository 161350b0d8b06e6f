import { closing, comparedText, isKeyword, isSelectStar, isSymbol, type Piece } from '@handoff/portable-sql';

/** How an allowed function is written for DuckDB: what stands before its arguments and after them. */
interface FunctionRule {
  readonly open: string;
  readonly close: string;
}

const named = (name: string): FunctionRule => ({ open: `${name}(`, close: ')' });

/** Functions that DuckDB has under the same name with the same meaning. */
const same = [
  'COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'ANY_VALUE', 'STDDEV_POP', 'STDDEV_SAMP', 'STRING_AGG', 'ARRAY_AGG',
  'ROW_NUMBER', 'RANK', 'DENSE_RANK', 'LAG', 'LEAD', 'FIRST_VALUE', 'LAST_VALUE',
  'COALESCE', 'NULLIF', 'ROUND', 'ABS', 'CEIL', 'FLOOR', 'UPPER', 'LOWER', 'LENGTH', 'STARTS_WITH', 'REPLACE',
] as const;

/** By function. The `bq_` names are macros of macros.ts, for those where DuckDB's own answer differs from BigQuery's. */
export const functionRules: ReadonlyMap<string, FunctionRule> = new Map<string, FunctionRule>([
  ...same.map((name) => [name, named(name.toLowerCase())] as const),
  ['IFNULL', named('coalesce')],
  ['IF', named('bq_if')],
  ['SAFE_DIVIDE', named('bq_safe_divide')],
  ['GREATEST', named('bq_greatest')],
  ['LEAST', named('bq_least')],
  ['CONCAT', named('bq_concat')],
  ['TRIM', named('bq_trim')],
  ['SUBSTR', named('bq_substr')],
  ['ARRAY_LENGTH', named('len')],
  // DuckDB's countif answers NULL over no rows; BigQuery's answers 0. count() is 0, and takes OVER as well.
  ['COUNTIF', { open: 'count(CASE WHEN (', close: ') THEN 1 END)' }],
  // Only merges call it, to compare: DuckDB compares JSON and lists as they are.
  [comparedText, { open: '(', close: ')' }],
  // openFunction rewrites these three, which lose the type or the date part.
  ['CAST', named('bq_cast')],
  ['SAFE_CAST', named('bq_safe_cast')],
  ['DATE_DIFF', named('bq_date_diff_day')],
]);

/** An identifier as DuckDB reads it, whatever characters or words it consists of. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `dataset.table` as DuckDB reads it. */
export const quoteTable = (table: string): string => table.split('.').map(quoteName).join('.');

export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** DuckDB's text for pieces that the subset's check found nothing wrong with; any part of a statement will do. */
export function render(pieces: readonly Piece[]): string {
  const words: string[] = [];
  const closers = new Map<number, string>();
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index];
    if (piece === undefined) break;
    if (piece.kind === 'function') {
      index = openFunction(pieces, index, { words, closers });
    } else if (isKeyword(piece, 'UNNEST')) {
      index = renderUnnest(pieces, index, words);
    } else {
      words.push(closers.get(index) ?? word(pieces, index, piece));
      index = skipDropped(pieces, index, closers);
    }
  }
  return words.join(' ');
}

interface Rendering {
  readonly words: string[];
  /** What to write instead of the parenthesis at an index. */
  readonly closers: Map<number, string>;
}

/** Writes a function up to its opening parenthesis, whose index it returns. */
function openFunction(pieces: readonly Piece[], index: number, into: Rendering): number {
  const name = pieces[index]?.text ?? '';
  const end = closing(pieces, index + 1);
  const rule = functionRules.get(name) ?? { open: `${name}(`, close: ')' };
  const typed = name === 'CAST' || name === 'SAFE_CAST';
  into.words.push(typed ? `${rule.open.slice(0, -1)}_${pieces[end - 1]?.text.toLowerCase() ?? ''}(` : rule.open);
  into.closers.set(end, rule.close);
  // CAST(x AS T) loses `AS T`, DATE_DIFF(a, b, DAY) loses `, DAY`: both say so in the macro's name.
  if (typed || name === 'DATE_DIFF') into.closers.set(end - 2, '');
  return index + 1;
}

const skipDropped = (pieces: readonly Piece[], index: number, closers: ReadonlyMap<number, string>): number =>
  closers.get(index) === '' && index + 1 < pieces.length ? index + 1 : index;

function renderUnnest(pieces: readonly Piece[], index: number, words: string[]): number {
  const end = closing(pieces, index + 1);
  const list = render(pieces.slice(index + 2, end));
  if (isKeyword(pieces[index - 1], 'IN')) {
    words.push(`(SELECT unnest(${list}))`);
    return end;
  }
  const alias = quoteName(pieces[end + 2]?.text ?? '');
  // GoogleSQL's alias of an UNNEST names the element; DuckDB's names a table, whose column is named besides.
  words.push(`unnest(${list}) AS ${alias}(${alias})`);
  return end + 2;
}

function word(pieces: readonly Piece[], index: number, piece: Piece): string {
  switch (piece.kind) {
    case 'table':
      return quoteTable(piece.text);
    case 'name':
      return quoteName(piece.text);
    case 'string':
      return quoteText(piece.text);
    case 'number':
      // DuckDB reads 1.5 as a DECIMAL; with an exponent it is the FLOAT64 that GoogleSQL means.
      return /\.\d+$/.test(piece.text) ? `${piece.text}e0` : piece.text;
    case 'parameter':
      // withValues leaves none.
      return `$${piece.text}`;
    case 'keyword':
      return keyword(pieces, index, piece.text);
    case 'literal':
    case 'symbol':
    case 'function':
      return piece.text;
  }
}

function keyword(pieces: readonly Piece[], index: number, text: string): string {
  if (text === 'MERGE' && !isKeyword(pieces[index + 1], 'INTO')) return 'MERGE INTO';
  if (text === 'TIMESTAMP') return 'TIMESTAMPTZ';
  if (text === 'EXCEPT' && isSelectStar(pieces, index - 1) && isSymbol(pieces[index + 1], '(')) return 'EXCLUDE';
  return text;
}
