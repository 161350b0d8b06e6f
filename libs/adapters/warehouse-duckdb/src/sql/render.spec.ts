import { comparedText, functions, parseStatement } from '@handoff/portable-sql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionRules, render } from './render.ts';

const rendered = (text: string): string => render(parseStatement(text, new Map()).pieces);

describe('the DuckDB text', () => {
  it.each([
    ['SELECT a.b AS `at` FROM `raw.games` AS a WHERE a.c = "it\\"s"', `SELECT "a" . "b" AS "at" FROM "raw"."games" AS "a" WHERE "a" . "c" = 'it"s'`],
    ["SELECT 'o\\'clock' AS x", "SELECT 'o''clock' AS \"x\""],
    ['SELECT 1.5 AS x, 2 AS y, 1e3 AS z', 'SELECT 1.5e0 AS "x" , 2 AS "y" , 1e3 AS "z"'],
    ['SELECT x FROM t WHERE y IN UNNEST(@ids)', 'SELECT "x" FROM "t" WHERE "y" IN (SELECT unnest($ids))'],
    ['SELECT CAST(IF(a, 1, 2) AS STRING) AS s', 'SELECT bq_cast_string( bq_if( "a" , 1 , 2 )  ) AS "s"'],
    ['SELECT COUNTIF(a OR b) OVER (ORDER BY c) AS n', 'SELECT count(CASE WHEN ( "a" OR "b" ) THEN 1 END) OVER ( ORDER BY "c" ) AS "n"'],
    ["SELECT x FROM a ASOF JOIN b USING (id) WHERE x ILIKE 'a'", `SELECT "x" FROM "a" "ASOF" JOIN "b" USING ( "id" ) WHERE "x" "ILIKE" 'a'`],
  ])('of %s', (text, expected) => {
    expect(rendered(text)).toBe(expected);
  });

  it('is written for any text, refused or not', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('SELECT', 'MERGE', 'UPDATE', 'DELETE FROM', 'INSERT INTO', '`raw.games`', '(', ')', 'CAST', 'UNNEST', 'AS', 'ON', 'WHEN', 'x', '@p', "'", '*', ',', 'DATE_DIFF', 'CASE')), (words) => {
        const statement = parseStatement(words.join(' '), new Map());
        expect(typeof render(statement.pieces)).toBe('string');
      }),
    );
  });
});

describe('the functions', () => {
  it('have one rule each, and no rule is for a function that may not be called', () => {
    expect([...functionRules.keys()].sort()).toEqual([...functions, comparedText].sort());
  });
});
