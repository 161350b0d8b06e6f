/** The functions of the portable subset, the whole list: a name that is not here is refused. */
export const functions: ReadonlySet<string> = new Set([
  'COUNT', 'COUNTIF', 'SUM', 'AVG', 'MIN', 'MAX', 'ANY_VALUE', 'STDDEV_POP', 'STDDEV_SAMP', 'STRING_AGG', 'ARRAY_AGG',
  'ROW_NUMBER', 'RANK', 'DENSE_RANK', 'LAG', 'LEAD', 'FIRST_VALUE', 'LAST_VALUE',
  'IF', 'IFNULL', 'COALESCE', 'NULLIF', 'GREATEST', 'LEAST', 'SAFE_DIVIDE', 'ROUND', 'ABS', 'CEIL', 'FLOOR',
  'CONCAT', 'UPPER', 'LOWER', 'TRIM', 'SUBSTR', 'LENGTH', 'STARTS_WITH', 'REPLACE', 'DATE_DIFF', 'ARRAY_LENGTH', 'CAST', 'SAFE_CAST',
]);

/**
 * A function that only the merges of the adapters call: BigQuery compares neither JSON nor arrays, so a merge
 * compares their texts. The engines write the texts differently, so no statement of ours may select one.
 */
export const comparedText = 'TO_JSON_STRING';

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
