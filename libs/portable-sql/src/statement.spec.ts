import type { TableDefinition } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkStatement, parseStatement } from './statement.ts';

const games: TableDefinition = {
  name: 'raw.games', description: 'For these tests.', row: z.object({}), columns: [], key: ['game_date', 'game_id'], business: [], partition: 'game_date',
  cluster: [], partitionFilterRequired: true,
};
const runs: TableDefinition = { ...games, name: 'log.runs', partition: 'started_at', partitionFilterRequired: false };
const tables = [games, runs];

describe('checkStatement refuses', () => {
  it.each<readonly [what: string, text: string, words: RegExp]>([
    ['a function that is not in the list', 'SELECT FARM_FINGERPRINT(x) AS h FROM `log.runs`', /function FARM_FINGERPRINT/],
    ['a function of DuckDB', "SELECT read_csv('x') AS h FROM `log.runs`", /function READ_CSV/],
    ['FORMAT', "SELECT FORMAT('%d', 1) AS f", /function FORMAT/],
    ['a qualified function', "SELECT SAFE.SUBSTR('a', 1) AS s", /function SUBSTR/],
    ['a listed name called as a method', 'SELECT t.UPPER(x) AS s FROM `log.runs` AS t', /function UPPER/],
    ['LEFT as a function', "SELECT LEFT('abc', 1) AS s", /function LEFT/],
    ['DATE as a function', 'SELECT DATE(started_at) AS d FROM `log.runs`', /function DATE/],
    ['SYSTEM in a sample', 'SELECT 1 AS a FROM `log.runs` TABLESAMPLE SYSTEM (10 PERCENT)', /TABLESAMPLE/],
    ['bare division', 'SELECT 1 / 2 AS half', /SAFE_DIVIDE/],
    ['modulo', 'SELECT 5 % 2 AS odd', /unexpected/],
    ['DECLARE', 'DECLARE x INT64', /not with DECLARE/],
    ['SET', 'SET x = 1', /not with SET/],
    ['CREATE', 'CREATE TABLE `a.b` (x INT64)', /not with CREATE/],
    ['TRUNCATE', 'TRUNCATE TABLE `log.runs`', /not with TRUNCATE/],
    ['nothing', '  -- only a comment', /empty/],
    ['two statements', 'SELECT 1 AS a; SELECT 2 AS b', /one statement/],
    ['pipe syntax', 'FROM `log.runs` |> WHERE x = 1', /pipe syntax/],
    ['FROM first', 'FROM `log.runs` SELECT x', /not with FROM/],
    ['time travel', 'SELECT 1 AS a FROM `log.runs` FOR SYSTEM_TIME AS OF @t', /time travel/],
    ['UNNEST WITH OFFSET', 'SELECT x FROM UNNEST(@xs) AS x WITH OFFSET', /WITH OFFSET/],
    ['UNNEST without a name', 'SELECT 1 AS a FROM UNNEST(@xs)', /UNNEST stands/],
    ['IN UNNEST of a column', 'SELECT 1 AS a FROM `log.runs` AS r WHERE 1 IN UNNEST(r.xs)', /UNNEST stands/],
    ['INSERT … VALUES', "INSERT INTO `log.runs` (run_id) VALUES ('a')", /INSERT … VALUES/],
    ['INSERT without columns', 'INSERT INTO `log.runs` SELECT 1', /names its columns/],
    ['INSERT ROW', 'MERGE INTO `log.runs` AS T USING (SELECT 1 AS a) AS S ON FALSE WHEN NOT MATCHED THEN INSERT ROW', /INSERT ROW/],
    ['UPDATE of everything', 'UPDATE `log.runs` SET x = 1', /UPDATE must have a WHERE/],
    ['DELETE of everything', 'DELETE FROM `log.runs`', /DELETE must have a WHERE/],
    ['the time of day', 'SELECT CURRENT_TIMESTAMP AS now', /from the clock/],
    ['date arithmetic', 'SELECT @d + INTERVAL 1 DAY AS d', /INTERVAL/],
    ['DATE_DIFF in weeks', 'SELECT DATE_DIFF(@a, @b, WEEK) AS w', /days only/],
    ['a cast to NUMERIC', 'SELECT CAST(1 AS NUMERIC) AS n', /CAST to this type/],
    ['a cast to JSON', 'SELECT SAFE_CAST(x AS JSON) AS n FROM `log.runs`', /SAFE_CAST to this type/],
    ['array positions', 'SELECT xs[OFFSET(0)] AS x FROM `log.runs`', /brackets/],
    ['a struct', 'SELECT STRUCT(1 AS a) AS s', /STRUCT/],
    ['ARRAY_AGG with LIMIT', 'SELECT ARRAY_AGG(x LIMIT 1) AS xs FROM `log.runs`', /LIMIT n/],
    ['ARRAY_AGG IGNORE NULLS', 'SELECT ARRAY_AGG(x IGNORE NULLS) AS xs FROM `log.runs`', /IGNORE NULLS/],
    ['ANY_VALUE HAVING', 'SELECT ANY_VALUE(x HAVING MAX y) AS x FROM `log.runs`', /HAVING/],
    ['COUNTIF DISTINCT', 'SELECT COUNTIF(DISTINCT x) AS n FROM `log.runs`', /COUNTIF/],
    ['UNION alone', 'SELECT 1 AS a UNION SELECT 2 AS a', /ALL or DISTINCT/],
    ['EXCEPT alone', 'SELECT 1 AS a EXCEPT SELECT 2 AS a', /EXCEPT is followed/],
    ['DISTINCT ON', 'SELECT DISTINCT ON (x) x FROM `log.runs`', /DISTINCT ON/],
    ['LIKE with an escape', "SELECT 'a' LIKE 'a\\\\_' AS b", /LIKE takes/],
    ['LIKE of a parameter', "SELECT 'a' LIKE @p AS b", /LIKE takes/],
    ['a table without backticks', 'SELECT x FROM log.runs', /backticks/],
    ['a table with its project', 'SELECT x FROM `project.log.runs`', /dataset\.table/],
    ['an unknown table', 'SELECT x FROM `log.other`', /no table log\.other/],
    ['a raw string', "SELECT r'a' AS a", /literal r/],
    ['a triple-quoted string', "SELECT '''a''' AS a", /triple-quoted/],
    ['an SQL-quoted quote', "SELECT 'it''s' AS a", /doubled quote/],
    ['an unknown escape', "SELECT '\\q' AS a", /escape \\q/],
    ['a hexadecimal number', 'SELECT 0x1f AS a', /number 0x/],
    ['a system variable', 'SELECT @@time_zone AS a', /system variables/],
    ["DuckDB's cast", "SELECT '1'::INT AS a", /unexpected/],
    ["DuckDB's parameter", 'SELECT $1 AS a', /unexpected/],
    ['an unclosed string', "SELECT 'a AS a", /unexpected/],
    ['what only merges call', 'SELECT TO_JSON_STRING(x) AS a FROM `log.runs`', /function TO_JSON_STRING/],
    ['WITH RECURSIVE', 'WITH RECURSIVE t AS (SELECT 1 AS a) SELECT a FROM t', /RECURSIVE/],
  ])('%s', (_, text, words) => {
    expect(checkStatement(text, tables).join('\n')).toMatch(words);
  });
});

describe('checkStatement accepts', () => {
  it.each([
    'SELECT 1 AS one',
    'SELECT 1 AS one;',
    'WITH a AS (SELECT run_id AS source, x AS rows FROM `log.runs`) SELECT a.source, a.rows, first, last, row FROM a',
    'SELECT source, date, timestamp, offset, target FROM `log.runs` ORDER BY date NULLS LAST LIMIT 10 OFFSET 5',
    'SELECT LAST_VALUE(x IGNORE NULLS) OVER (ORDER BY y) AS x FROM `log.runs`',
    'SELECT COUNT(*) AS n, COUNT(DISTINCT x) AS m FROM `log.runs` GROUP BY y HAVING COUNT(*) > 1',
    'SELECT * EXCEPT (x), t.* EXCEPT (y), 2 * 3 AS six FROM `log.runs` AS t EXCEPT DISTINCT SELECT 1 AS x',
    "SELECT x FROM `log.runs` WHERE EXISTS (SELECT 1 FROM UNNEST(@xs) AS x WHERE x LIKE 'a%')",
    'UPDATE `log.runs` AS T SET x = 1 WHERE T.x IS DISTINCT FROM T.y AND T.z IS NOT DISTINCT FROM @z',
    'SELECT `interval`, t.interval, 1 AS `for` FROM `log.runs` AS t',
    'INSERT INTO `raw.games` (game_date, game_id) SELECT @d, run_id FROM `log.runs`',
    'MERGE `log.runs` T USING (SELECT 1 AS a) S ON T.x = S.a WHEN NOT MATCHED BY TARGET THEN INSERT (x) VALUES (S.a) WHEN NOT MATCHED BY SOURCE THEN DELETE',
  ])('%s', (text) => {
    expect(checkStatement(text, tables)).toEqual([]);
  });
});

describe('the partition filter', () => {
  const refused = ["Cannot query over table 'raw.games' without a filter over column(s) 'game_date' that can be used for partition elimination"];
  it.each([
    ['WHERE game_date = @d', true],
    ['AS g WHERE g.game_date >= @d', true],
    ['AS g WHERE @d < g.game_date', true],
    ['WHERE games.game_date IN UNNEST(@ds)', true],
    ["WHERE game_date BETWEEN '2026-01-01' AND @d", true],
    ['WHERE `game_date` = @d', true],
    ['AS g JOIN `log.runs` AS r ON r.game_date = @d', false],
    ['AS g JOIN `log.runs` AS r ON g.game_date = r.game_date', false],
    ['WHERE game_date <> @d', false],
    ['WHERE game_id = @d', false],
    ['WHERE game_date IS NOT NULL', false],
    ["WHERE note = 'game_date = 1' -- game_date = @d", false],
    ['AS a JOIN `raw.games` AS b ON a.game_id = b.game_id WHERE a.game_date = @d', false],
    ['AS a JOIN `raw.games` AS b ON a.game_id = b.game_id WHERE a.game_date = @d AND b.game_date = @d', true],
  ])('%s: bounded is %s', (rest, bounded) => {
    expect(checkStatement(`SELECT 1 AS a FROM \`raw.games\` ${rest}`, tables)).toEqual(bounded ? [] : refused);
  });

  it('is demanded of MERGE, and of a constant: the equality of two columns is none', () => {
    const merge = (on: string) => `MERGE INTO \`raw.games\` AS T USING (SELECT @d AS game_date) AS S ON ${on} WHEN MATCHED THEN DELETE`;
    expect(checkStatement(merge('T.game_date = S.game_date'), tables)).toEqual(refused);
    expect(checkStatement(merge('T.game_date = S.game_date AND T.game_date = @d'), tables)).toEqual([]);
  });
});

describe('any text', () => {
  it('says what a string literal said, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }).filter((value) => !/[\n\\]/.test(value)), fc.constantFrom("'", '"'), (value, quote) => {
        const literal = `${quote}${value.replaceAll(quote, `\\${quote}`)}${quote}`;
        // A triple quote is another literal; three in a row can only come from the text's own ends.
        fc.pre(!literal.includes(quote.repeat(3)));
        expect(parseStatement(`SELECT ${literal} AS x`, new Map()).pieces[1]).toEqual({ kind: 'string', text: value });
      }),
    );
  });

  it('is refused rather than thrown at, for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('SELECT', 'MERGE', 'UPDATE', 'DELETE FROM', 'INSERT INTO', '`raw.games`', '(', ')', 'CAST', 'UNNEST', 'AS', 'ON', 'WHEN', 'x', '@p', "'", '*', ',', 'DATE_DIFF', 'CASE')), (words) => {
        const statement = parseStatement(words.join(' '), new Map());
        expect(Array.isArray(statement.problems)).toBe(true);
      }),
    );
  });
});

