/** How an allowed function is written for DuckDB: what stands before its arguments and after them. */
export interface FunctionRule {
  readonly open: string;
  readonly close: string;
}

const named = (name: string): FunctionRule => ({ open: `${name}(`, close: ')' });

/** Functions that DuckDB has under the same name with the same meaning. */
const shared = [
  'COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'ANY_VALUE', 'STDDEV_POP', 'STDDEV_SAMP', 'STRING_AGG', 'ARRAY_AGG',
  'ROW_NUMBER', 'RANK', 'DENSE_RANK', 'LAG', 'LEAD', 'FIRST_VALUE', 'LAST_VALUE',
  'COALESCE', 'NULLIF', 'ROUND', 'ABS', 'CEIL', 'FLOOR', 'UPPER', 'LOWER', 'LENGTH', 'STARTS_WITH', 'REPLACE',
] as const;

/**
 * The functions of the portable subset, the whole list: a name that is not here is refused.
 * The `bq_` names are macros of macros.ts, for those where DuckDB's own answer differs from BigQuery's.
 */
export const functionRules: ReadonlyMap<string, FunctionRule> = new Map<string, FunctionRule>([
  ...shared.map((name) => [name, named(name.toLowerCase())] as const),
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
  // These three are rewritten by render.ts, which drops the type or the date part.
  ['CAST', named('bq_cast')],
  ['SAFE_CAST', named('bq_safe_cast')],
  ['DATE_DIFF', named('bq_date_diff_day')],
]);

/** Types that CAST and SAFE_CAST may name. */
export const castTypes: ReadonlySet<string> = new Set(['STRING', 'INT64', 'FLOAT64', 'BOOL', 'DATE', 'TIMESTAMP']);

/** Aggregates whose arguments may carry ORDER BY, but nothing else of GoogleSQL's aggregate clauses. */
export const orderedAggregates: ReadonlySet<string> = new Set(['ARRAY_AGG', 'STRING_AGG']);

/** The only functions with IGNORE NULLS that both engines have. */
export const nullSkipping: ReadonlySet<string> = new Set(['FIRST_VALUE', 'LAST_VALUE']);

/**
 * Words that are grammar. Any other word is a name and is quoted for DuckDB, so DuckDB's own syntax
 * (ASOF, POSITIONAL, ILIKE, …) cannot slip through as anything but a name.
 */
export const keywords: ReadonlySet<string> = new Set([
  'ALL', 'AND', 'AS', 'ASC', 'BETWEEN', 'BY', 'CASE', 'CROSS', 'CURRENT', 'DELETE', 'DESC', 'DISTINCT', 'ELSE', 'END', 'EXCEPT', 'EXISTS',
  'FALSE', 'FOLLOWING', 'FROM', 'FULL', 'GROUP', 'HAVING', 'IGNORE', 'IN', 'INNER', 'INSERT', 'INTERSECT', 'INTO', 'IS', 'JOIN', 'LEFT', 'LIKE',
  'LIMIT', 'MERGE', 'NOT', 'NULL', 'NULLS', 'ON', 'OR', 'ORDER', 'OUTER', 'OVER', 'PARTITION', 'PRECEDING', 'QUALIFY', 'RANGE', 'RIGHT', 'ROWS',
  'SELECT', 'SET', 'THEN', 'TRUE', 'UNBOUNDED', 'UNION', 'UNNEST', 'UPDATE', 'USING', 'VALUES', 'WHEN', 'WHERE', 'WINDOW', 'WITH',
]);

/** Words that are grammar only after one of these others, and names anywhere else: `source` is a column of ours. */
export const keywordsAfter: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['SOURCE', new Set(['BY'])],
  ['TARGET', new Set(['BY'])],
  ['FIRST', new Set(['NULLS'])],
  ['LAST', new Set(['NULLS'])],
  ['ROW', new Set(['CURRENT', 'INSERT'])],
  ['MATCHED', new Set(['WHEN', 'NOT'])],
]);

const clockless = 'compute it in TypeScript from the clock and pass a parameter';

/** Words that are refused wherever they stand for grammar, with what to do instead. */
export const refusedWords: ReadonlyMap<string, string> = new Map([
  ['FOR', 'time travel (FOR SYSTEM_TIME AS OF) is not available in every engine: keep history in rows'],
  ['INTERVAL', `date arithmetic differs between engines: ${clockless}`],
  ['CURRENT_DATE', clockless],
  ['CURRENT_DATETIME', clockless],
  ['CURRENT_TIME', clockless],
  ['CURRENT_TIMESTAMP', clockless],
  ['TABLESAMPLE', 'a sample is not repeatable: filter on a key instead'],
  ['RECURSIVE', 'write the steps as separate WITH clauses'],
  ['RESPECT', 'it is the default: leave RESPECT NULLS out'],
  ['STRUCT', 'structs have no column type here: select columns'],
  ['ARRAY', 'array literals have no portable form: pass a parameter'],
]);
