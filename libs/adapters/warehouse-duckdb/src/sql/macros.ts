const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

/** A macro of one to eight arguments: DuckDB's macros have no variable argument list. */
const variadic = (name: string, body: (names: readonly string[]) => string): string =>
  `${name}${letters.map((_, index) => letters.slice(0, index + 1)).map((names) => `(${names.join(', ')}) AS ${body(names)}`).join(', ')}`;

const strict = (expression: string, names: readonly string[]): string =>
  `CASE WHEN ${names.map((name) => `${name} IS NULL`).join(' OR ')} THEN NULL ELSE ${expression} END`;

// BigQuery trims every Unicode white space, DuckDB's trim(x) the space alone.
const whiteSpace = ' \t\n\r\v\f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';

interface Cast {
  readonly type: string;
  readonly engineType: string;
  /** What a text must look like in full. DuckDB reads more than BigQuery: '1.5' as INT64, 'yes' as BOOL. */
  readonly text?: string;
  /** Source types whose conversion differs between the engines, as typeof names them. */
  readonly refused: readonly string[];
  readonly number?: string;
}

const casts: readonly Cast[] = [
  // BigQuery writes 1.0 as 1, and fractions of a second in three or six digits.
  { type: 'string', engineType: 'VARCHAR', refused: ['DOUBLE', 'FLOAT', 'JSON', 'TIMESTAMP WITH TIME ZONE'] },
  // BigQuery rounds halves away from zero, DuckDB to the even neighbour; round() goes away from zero.
  { type: 'int64', engineType: 'BIGINT', text: '[+-]?[0-9]+', refused: ['JSON'], number: 'round(CAST(x AS DOUBLE))' },
  { type: 'float64', engineType: 'DOUBLE', text: '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?', refused: ['JSON', 'BOOLEAN'] },
  { type: 'bool', engineType: 'BOOLEAN', text: '(?i)true|false', refused: ['JSON', 'DOUBLE', 'FLOAT'] },
  { type: 'date', engineType: 'DATE', text: '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}', refused: ['JSON'] },
  {
    type: 'timestamp', engineType: 'TIMESTAMPTZ', refused: ['JSON'],
    text: '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}(:[0-9]{2})?)?)?',
  },
];

function castMacro(cast: Cast, safe: boolean): string {
  const convert = safe ? 'TRY_CAST' : 'CAST';
  const to = (expression: string): string => `${convert}(${expression} AS ${cast.engineType})`;
  const unreadable = safe ? 'NULL' : `error('Could not cast literal "' || CAST(x AS VARCHAR) || '" to type ${cast.type.toUpperCase()}')`;
  const branches = [
    `WHEN typeof(x) IN (${cast.refused.map((type) => `'${type}'`).join(', ')}) THEN error('CAST from ' || typeof(x) || ' to ${cast.type.toUpperCase()} is outside the portable subset')`,
    ...(cast.number === undefined ? [] : [`WHEN typeof(x) = 'DOUBLE' THEN ${to(cast.number)}`]),
    ...(cast.text === undefined
      ? []
      : [`WHEN typeof(x) = 'VARCHAR' AND x IS NOT NULL AND NOT regexp_full_match(CAST(x AS VARCHAR), '${cast.text}') THEN ${unreadable}`]),
  ];
  return `bq_${safe ? 'safe_' : ''}cast_${cast.type}(x) AS CASE ${branches.join(' ')} ELSE ${to('x')} END`;
}

const start = 'CASE WHEN p = 0 OR p < -length(x) THEN 1 ELSE p END';

const macros: readonly string[] = [
  'bq_if(c, a, b) AS CASE WHEN c THEN a ELSE b END',
  // BigQuery answers NULL for a zero divisor and for an overflow.
  'bq_safe_divide(a, b) AS CASE WHEN b = 0 OR NOT isfinite(CAST(a AS DOUBLE) / CAST(b AS DOUBLE)) THEN NULL ELSE CAST(a AS DOUBLE) / CAST(b AS DOUBLE) END',
  variadic('bq_greatest', (names) => strict(`greatest(${names.join(', ')})`, names)),
  variadic('bq_least', (names) => strict(`least(${names.join(', ')})`, names)),
  variadic('bq_concat', (names) => names.map((name) => `bq_cast_string(${name})`).join(' || ')),
  `bq_trim(x) AS trim(x, '${whiteSpace}'), (x, characters) AS trim(x, characters)`,
  // Position 0 means 1, and one before the start means the start.
  `bq_substr(x, p) AS substr(x, ${start}), (x, p, n) AS CASE WHEN n < 0 THEN error('Third argument in SUBSTR() cannot be negative') ELSE substr(x, ${start}, n) END`,
  'bq_date_diff_day(later, earlier) AS CAST(later AS DATE) - CAST(earlier AS DATE)',
];

/** Defines, for one connection, the functions whose answers differ between DuckDB and BigQuery. */
export const createMacros: string = [...casts.flatMap((cast) => [castMacro(cast, false), castMacro(cast, true)]), ...macros]
  .map((macro) => `CREATE OR REPLACE TEMP MACRO ${macro};`)
  .join('\n');
