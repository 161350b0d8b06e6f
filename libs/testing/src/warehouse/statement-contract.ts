import type { Row } from '@handoff/contracts';
import type { Parameters, Warehouse } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import { allDecisions, day, decision, decisions, score, scores, scoresOf, text } from './harness.ts';
import type { Opening } from './opening.ts';

const ask = (warehouse: Warehouse, sql: string, parameters?: Parameters): Promise<readonly Row[]> => warehouse.query({ name: 'contract', text: sql }, parameters);

const instant = (iso: string): number => Date.parse(iso);

/** Expressions whose answers are BigQuery's by its reference, where engines are known to differ. */
const expressions: readonly (readonly [expression: string, value: unknown])[] = [
  ['SAFE_DIVIDE(1, 4)', 0.25], ['SAFE_DIVIDE(1, 0)', null], ['SAFE_DIVIDE(NULL, 2)', null], ['SAFE_DIVIDE(1e308, 1e-10)', null],
  ['IF(1 > 2, "yes", "no")', 'no'], ['IF(NULL, 1, 2)', 2], ['IFNULL(NULL, 3)', 3], ['COALESCE(NULL, NULL, 4)', 4], ['NULLIF(5, 5)', null],
  ['GREATEST(1, 3, 2)', 3], ['GREATEST(1, NULL)', null], ['LEAST(2, 1)', 1], ['LEAST(NULL, 1, 2)', null],
  ["CONCAT('a', 'b', 'c')", 'abc'], ["CONCAT('a', NULL)", null], ["CONCAT('n', 1)", 'n1'], ["'a' || 'b'", 'ab'],
  ['ROUND(2.5)', 3], ['ROUND(-2.5)', -3], ['ROUND(2.345, 1)', 2.3], ['ABS(-2)', 2], ['CEIL(1.2)', 2], ['FLOOR(-1.2)', -2],
  ['0.1 + 0.2 = 0.3', false],
  ["UPPER('é')", 'É'], ["LOWER('ABC')", 'abc'], ["TRIM('\\t a \\n')", 'a'], ["TRIM('xax', 'x')", 'a'], ["LENGTH('é🏀')", 2],
  ["SUBSTR('abc', 0, 2)", 'ab'], ["SUBSTR('abc', -2)", 'bc'], ["SUBSTR('abc', -9, 2)", 'ab'], ["SUBSTR('abc', 2, 1)", 'b'],
  ["STARTS_WITH('abc', 'ab')", true], ["REPLACE('aba', 'a', 'x')", 'xbx'], ["'50%' LIKE '5_%'", true],
  ["DATE_DIFF(DATE '2026-03-01', DATE '2026-02-27', DAY)", 2],
  ["CAST('12' AS INT64)", 12], ['CAST(2.5 AS INT64)', 3], ['CAST(-2.5 AS INT64)', -3], ['CAST(TRUE AS INT64)', 1], ["SAFE_CAST('1.5' AS INT64)", null],
  ["SAFE_CAST('x' AS FLOAT64)", null], ["CAST('1.5' AS FLOAT64)", 1.5], ["CAST('TRUE' AS BOOL)", true], ["SAFE_CAST('yes' AS BOOL)", null],
  ["CAST('2026-01-24' AS DATE)", '2026-01-24'], ["SAFE_CAST('2026-02-30' AS DATE)", null], ['CAST(7 AS STRING)', '7'], ['CAST(TRUE AS STRING)', 'true'],
  ["CAST(TIMESTAMP '2026-01-24 23:30:00-05:00' AS DATE)", '2026-01-25'],
  ["CAST('2026-01-24T10:00:00Z' AS TIMESTAMP)", instant('2026-01-24T10:00:00Z')],
  ["CASE WHEN 1 = 2 THEN 'a' ELSE 'b' END", 'b'], ['EXISTS (SELECT 1 FROM UNNEST(@none) AS x)', false], ["'b' IN UNNEST(@some)", true], ["'z' NOT IN UNNEST(@none)", true],
  ['(SELECT COUNTIF(x > "a") FROM UNNEST(@some) AS x)', 1], ['(SELECT COUNTIF(x > "a") FROM UNNEST(@none) AS x)', 0],
  ['(SELECT STRING_AGG(x, "+" ORDER BY x DESC) FROM UNNEST(@some) AS x)', 'b+a'], ['(SELECT SUM(1) FROM UNNEST(@none) AS x)', null],
  ['(SELECT ARRAY_AGG(x ORDER BY x) FROM UNNEST(@some) AS x)', ['a', 'b']], ['(SELECT ARRAY_AGG(x) FROM UNNEST(@none) AS x)', []],
  ['"it\\\'s"', "it's"], ['0', 0], ['/* one */ 1 -- two', 1],
];

const lists: Parameters = { some: { type: 'ARRAY<STRING>', value: ['a', 'b'] }, none: { type: 'ARRAY<STRING>', value: [] } };

/** What query and execute promise, but for the streaming buffer. */
export function describeStatements(open: Opening): void {
  describe('query', () => {
    it(`answers ${expressions.length} expressions as BigQuery's reference does`, async () => {
      const { warehouse } = await open();
      const answers: Record<string, unknown> = {};
      for (const [expression] of expressions) {
        answers[expression] = await ask(warehouse, `SELECT ${expression}\nAS value`, lists).then(([row]) => row?.['value'], (error: unknown) => error);
      }
      expect(answers).toEqual(Object.fromEntries(expressions));
    });

    it.each(['ASC', 'DESC'])('sorts NULL before every value, %s', async (order) => {
      const { warehouse } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10), score('g1', 'bob', null), score('g1', 'cid', -5)] });
      const rows = await ask(warehouse, `SELECT points, ROW_NUMBER() OVER (ORDER BY points ${order}) AS place FROM \`contract_raw.scores\` WHERE game_date = @d ORDER BY points ${order}`, { d: day('2026-01-24') });
      const expected = order === 'ASC' ? [null, -5, 10] : [10, -5, null];
      expect(rows).toEqual(expected.map((points, index) => ({ points, place: index + 1 })));
    });

    it('has windows, QUALIFY, WITH, joins and set operations', async () => {
      const { warehouse } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10), score('g2', 'ann', 30), score('g1', 'bob', 20), score('g2', 'bob', null)] });
      const rows = await ask(
        warehouse,
        `WITH latest AS (
           SELECT player, game_id, points, LAG(points) OVER (PARTITION BY player ORDER BY game_id) AS before,
             AVG(points) OVER (PARTITION BY player ORDER BY game_id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS average
           FROM \`contract_raw.scores\` WHERE game_date = @d
           QUALIFY ROW_NUMBER() OVER (PARTITION BY player ORDER BY game_id DESC) = 1
         ), names AS (SELECT 'ann' AS player UNION ALL SELECT 'cid' AS player)
         SELECT * EXCEPT (game_id), game_id AS source FROM latest
         UNION ALL SELECT names.player, NULL, NULL, NULL, 'none' FROM names LEFT JOIN latest ON latest.player = names.player WHERE latest.player IS NULL
         ORDER BY player`,
        { d: day('2026-01-24') },
      );
      expect(rows).toEqual([
        { player: 'ann', points: 30, before: 10, average: 20, source: 'g2' },
        { player: 'bob', points: null, before: 20, average: 20, source: 'g2' },
        { player: 'cid', points: null, before: null, average: null, source: 'none' },
      ]);
    });

    it('gives sums of INT64 as numbers, and refuses one that a number does not hold exactly', async () => {
      const { warehouse } = await open();
      const rows = [score('g1', 'ann', Number.MAX_SAFE_INTEGER), score('g1', 'bob', 1), score('g2', 'cid', 7)];
      await warehouse.merge({ table: scores.name, rows });
      const total = (games: string) => ask(warehouse, `SELECT SUM(points) AS total FROM \`contract_raw.scores\` WHERE game_date = @d AND game_id = '${games}'`, { d: day('2026-01-24') });
      expect(await total('g2')).toEqual([{ total: 7 }]);
      await expect(total('g1')).rejects.toMatchObject({ code: 'warehouse-statement-refused' });
    });

    it.each<readonly [what: string, sql: string, code: string]>([
      ['a table that does not exist', 'SELECT 1 AS one FROM `contract_raw.nothing`', 'warehouse-table-missing'],
      ['a column that does not exist', "SELECT rebounds FROM `contract_raw.scores` WHERE game_date = DATE '2026-01-24'", 'warehouse-schema-mismatch'],
      ['a text that is no number', "SELECT CAST('1.5' AS INT64) AS value", 'warehouse-statement-refused'],
      ['a parameter that is not given', 'SELECT @nothing AS value', 'warehouse-statement-refused'],
      ['a NULL in an array', 'SELECT ARRAY_AGG(x) AS xs FROM (SELECT NULL AS x)', 'warehouse-statement-refused'],
      ['a statement that changes rows', "DELETE FROM `contract_raw.scores` WHERE game_date = DATE '2026-01-24'", 'warehouse-statement-refused'],
      ['bad grammar', 'SELECT FROM WHERE', 'warehouse-statement-refused'],
    ])('fails on %s and never answers with no rows', async (_, sql, code) => {
      const { warehouse } = await open();
      await expect(ask(warehouse, sql)).rejects.toMatchObject({ code });
      expect(await ask(warehouse, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
    });

    // DuckDB folds a filter away by the statistics of the moment at which a statement is prepared, and a prepared
    // statement without parameters keeps that: run again after a change, it answers wrongly and without an error.
    it.each([
      ["SELECT COUNT(*) AS n FROM `contract_log.decisions` WHERE action = 'SKIP'", 1],
      ['SELECT COUNT(*) AS n FROM `contract_log.decisions` WHERE reason IS NULL', 1],
      ["SELECT COUNT(*) AS n FROM `contract_log.decisions` WHERE decided_at > TIMESTAMP '2026-02-01 00:00:00+00'", 1],
      ["SELECT COUNT(*) AS n FROM `contract_log.decisions` AS d JOIN (SELECT 'z' AS id) AS ids ON ids.id = d.decision_id", 1],
    ])('sees what has changed since the same statement ran before: %s', async (sql, afterwards) => {
      const { warehouse } = await open();
      await warehouse.merge({ table: decisions.name, rows: [decision('a', '2026-01-24T01:00:00Z', { reason: 'due' })] });
      expect(await ask(warehouse, sql)).toEqual([{ n: 0 }]);
      const insert = `INSERT INTO \`contract_log.decisions\` (decision_id, decided_at, action, reason)
        SELECT 'z', TIMESTAMP '2026-02-02 00:00:00+00', 'SKIP', NULL FROM \`contract_log.decisions\``;
      await warehouse.execute({ name: 'insert', text: insert });
      expect(await ask(warehouse, sql)).toEqual([{ n: afterwards }]);
    });
  });

  describePartitionFilters(open);
  describeExecute(open);
}

function describePartitionFilters(open: Opening): void {
  const wording = /Cannot query over table 'contract_raw\.scores' without a filter over column\(s\) 'game_date' that can be used for partition elimination/;
  describe('a table that demands a partition filter', () => {
    it.each([
      'SELECT COUNT(*) AS n FROM `contract_raw.scores`',
      "SELECT COUNT(*) AS n FROM `contract_raw.scores` WHERE player = 'ann'",
      'SELECT COUNT(*) AS n FROM `contract_raw.scores` WHERE game_date IS NOT NULL',
    ])('refuses to be read by %s', async (sql) => {
      const { warehouse } = await open();
      await expect(ask(warehouse, sql)).rejects.toMatchObject({ code: 'warehouse-statement-refused', disposition: 'reject', message: expect.stringMatching(wording) as string });
    });

    it.each([
      "SELECT COUNT(*) AS n FROM `contract_raw.scores` WHERE game_date = '2026-01-24'",
      "SELECT COUNT(*) AS n FROM `contract_raw.scores` AS s WHERE s.game_date BETWEEN DATE '2026-01-01' AND DATE '2026-02-01'",
      "SELECT COUNT(*) AS n FROM `contract_raw.scores` WHERE game_date IN ('2026-01-24', '2026-01-25')",
      "SELECT COUNT(*) AS n FROM `contract_raw.scores` WHERE DATE '2026-01-01' <= game_date AND game_date < DATE '2026-02-01'",
    ])('is read by %s', async (sql) => {
      const { warehouse } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10)] });
      expect(await ask(warehouse, sql)).toEqual([{ n: 1 }]);
    });

    it('refuses UPDATE and DELETE without the filter', async () => {
      const { warehouse } = await open();
      await expect(warehouse.execute({ name: 'update', text: "UPDATE `contract_raw.scores` SET points = 1 WHERE player = 'ann'" })).rejects.toMatchObject({ message: expect.stringMatching(wording) as string });
    });
  });
}

function describeExecute(open: Opening): void {
  describe('execute', () => {
    it.each<readonly [name: string, sql: string, affectedRows: number, points: readonly (number | null)[]]>([
      ['UPDATE', 'UPDATE `contract_raw.scores` SET points = points + 1 WHERE game_date = @d AND points >= 20', 2, [10, 21, 31]],
      ['DELETE', 'DELETE FROM `contract_raw.scores` WHERE game_date = @d AND points IN (10, 20)', 2, [30]],
      ['UPDATE … FROM', "UPDATE `contract_raw.scores` AS T SET points = S.n FROM (SELECT 'ann' AS player, 99 AS n) AS S WHERE T.game_date = @d AND T.player = S.player", 1, [99, 20, 30]],
      ['INSERT … SELECT', "INSERT INTO `contract_raw.scores` (game_date, game_id, player, points, data_hash, run_id) SELECT game_date, 'g2', player, points, data_hash, run_id FROM `contract_raw.scores` WHERE game_date = @d AND points = 30", 1, [10, 20, 30, 30]],
      ['MERGE', `MERGE \`contract_raw.scores\` AS T USING (SELECT 'ann' AS player, 1 AS n UNION ALL SELECT 'new' AS player, 2 AS n) AS S ON T.game_date = @d AND T.player = S.player
        WHEN MATCHED AND T.points <> S.n THEN UPDATE SET points = S.n
        WHEN NOT MATCHED THEN INSERT (game_date, game_id, player, points, data_hash, run_id) VALUES (@d, 'g9', S.player, S.n, 'h', 'r')
        WHEN NOT MATCHED BY SOURCE AND T.game_date = @d AND T.points = 30 THEN DELETE`, 3, [1, 20, 2]],
    ])('runs %s and tells how many rows it changed', async (name, sql, affectedRows, points) => {
      const { warehouse } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10), score('g1', 'bob', 20), score('g1', 'cid', 30)] });
      const before = warehouse.counters();
      expect(await warehouse.execute({ name, text: sql }, { d: day('2026-01-24') })).toEqual({ affectedRows });
      expect((await scoresOf(warehouse)).map((row) => row['points'])).toEqual(points);
      expect(warehouse.counters()).toMatchObject({ statements: before.statements + 2, mutations: before.mutations + 1, rowsWritten: before.rowsWritten + affectedRows });
    });

    const doubled = "(SELECT 'a' AS id, 'X' AS action UNION ALL SELECT 'a' AS id, 'Y' AS action)";
    it.each([
      `MERGE INTO \`contract_log.decisions\` AS T USING ${doubled} AS S ON T.decision_id = S.id WHEN MATCHED THEN UPDATE SET action = S.action`,
      `UPDATE \`contract_log.decisions\` AS T SET action = S.action FROM ${doubled} AS S WHERE T.decision_id = S.id`,
    ])('refuses two source rows for one target row: %s', async (sql) => {
      const { warehouse } = await open();
      await warehouse.merge({ table: decisions.name, rows: [decision('a', '2026-01-24T01:00:00Z')] });
      await expect(warehouse.execute({ name: 'doubled', text: sql })).rejects.toMatchObject({
        code: 'warehouse-statement-refused', disposition: 'reject', message: expect.stringMatching(/must match at most one source row for each target row/) as string,
      });
      expect(await allDecisions(warehouse)).toEqual([decision('a', '2026-01-24T01:00:00Z')]);
    });

    it('allows two source rows when a condition leaves one', async () => {
      const { warehouse } = await open();
      await warehouse.merge({ table: decisions.name, rows: [decision('a', '2026-01-24T01:00:00Z')] });
      const sql = `MERGE INTO \`contract_log.decisions\` AS T USING ${doubled} AS S ON T.decision_id = S.id WHEN MATCHED AND S.action = 'Y' THEN UPDATE SET action = S.action`;
      expect(await warehouse.execute({ name: 'one-left', text: sql })).toEqual({ affectedRows: 1 });
    });

    it('refuses a null in a required column, and a SELECT', async () => {
      const { warehouse } = await open();
      await warehouse.merge({ table: decisions.name, rows: [decision('a', '2026-01-24T01:00:00Z')] });
      const statement = { name: 'null', text: 'UPDATE `contract_log.decisions` SET action = NULL WHERE decision_id = @id' };
      // BigQuery gives this the reason of any statement that it cannot run.
      await expect(warehouse.execute(statement, { id: text('a') })).rejects.toMatchObject({ code: expect.toBeOneOf(['warehouse-schema-mismatch', 'warehouse-statement-refused']) as string });
      expect(await allDecisions(warehouse)).toEqual([decision('a', '2026-01-24T01:00:00Z')]);
      await expect(warehouse.execute({ name: 'select', text: 'SELECT 1 AS one' })).rejects.toMatchObject({ code: 'warehouse-statement-refused' });
    });
  });
}
