import { expect, it } from 'vitest';
import { parseStatement } from './statement.ts';
import { unresolvedNames } from './unresolved-names.ts';

it.each([
  ['SELECT points, t.player FROM `raw.scores` AS t', []],
  ['SELECT points, rebounds FROM `raw.scores`', ['rebounds']],
  ['SELECT t.rebounds FROM `raw.scores` t', ['rebounds']],
  ['WITH best AS (SELECT MAX(points) AS top FROM `raw.scores`) SELECT best.top, CAST(player AS INT64) AS n FROM best JOIN `raw.scores` s ON s.points = top', []],
  ['SELECT x FROM UNNEST(@xs) AS x', []],
  ['SELECT DATE_DIFF(@a, @b, DAY) AS d, POINTS FROM `raw.scores`', []],
  ['UPDATE `raw.scores` SET steals = 1 WHERE player = @p', ['steals']],
  ['MERGE INTO `raw.scores` AS t USING (SELECT @p AS player) S ON t.player = S.player WHEN NOT MATCHED THEN INSERT (player, blocks) VALUES (S.player, 1)', ['blocks']],
])('%s: %j', (text, names) => {
  expect(unresolvedNames(parseStatement(text, new Map()).pieces, ['player', 'points'])).toEqual(names);
});
