import type { Row } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allDecisions, day, decision, decisions, revisedScores, score, scores, scoresOf, type OpenWarehouse } from './harness.ts';
import type { Opening } from './opening.ts';

/** What Warehouse.merge promises, but for the streaming buffer. */
export function describeMerge(open: Opening): void {
  describe('merge', () => {
    it('inserts new keys, updates those whose content hash differs and counts the rest as unchanged', async () => {
      const { warehouse } = await open();
      expect(await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10), score('g1', 'bob', 20)] })).toEqual(
        { inserted: 2, updated: 0, deleted: 0, unchanged: 0 },
      );
      const second = [score('g1', 'ann', 10, { run_id: 'run-2' }), score('g1', 'bob', 21), score('g1', 'cid', 5)];
      expect(await warehouse.merge({ table: scores.name, rows: second })).toEqual({ inserted: 1, updated: 1, deleted: 0, unchanged: 1 });
      expect(await scoresOf(warehouse)).toEqual([score('g1', 'ann', 10), score('g1', 'bob', 21), score('g1', 'cid', 5)]);
    });

    it('compares every other column where the table has no content hash, nulls included', async () => {
      const { warehouse } = await open();
      await warehouse.merge({ table: decisions.name, rows: [decision('a', '2026-01-24T01:00:00Z'), decision('b', '2026-01-24T01:00:00Z')] });
      const rows = [decision('a', '2026-01-24T01:00:00Z'), decision('b', '2026-01-24T01:00:00Z', { reason: 'late' })];
      expect(await warehouse.merge({ table: decisions.name, rows })).toEqual({ inserted: 0, updated: 1, deleted: 0, unchanged: 1 });
      expect(await warehouse.merge({ table: decisions.name, rows })).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 2 });
    });

    it('sends no statement for no rows, and counts every other merge', async () => {
      const { warehouse } = await open();
      expect(await warehouse.merge({ table: scores.name, rows: [] })).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 0 });
      expect(warehouse.counters()).toMatchObject({ statements: 0, mutations: 0, loadJobs: 0, rowsWritten: 0 });
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10)] });
      expect(warehouse.counters()).toMatchObject({ mutations: 1, rowsWritten: 1 });
    });

    it('keeps every row of merges that are asked for at the same time', async () => {
      const { warehouse } = await open();
      await Promise.all(['ann', 'bob', 'cid', 'dan', 'eve'].map((player) => warehouse.merge({ table: scores.name, rows: [score('g1', player, 1)] })));
      expect(await scoresOf(warehouse)).toHaveLength(5);
    });
  });

  describeRefusals(open);
  describeReplaceScope(open);
  describeOrder(open);
  describeMergeProperties(open);
}

/** Revisions order the writers of a game; the second of two that is the earlier one takes nothing back. */
function describeOrder(open: Opening): void {
  describe('merge with an order of its writers', () => {
    const of = (written: number, game: string, player: string, points: number) => ({ ...score(game, player, points), revision: written, fetched_at: Date.parse('2026-01-24T12:00:00Z') });
    const write = (warehouse: OpenWarehouse['warehouse'], value: number, rows: readonly Row[], games: readonly string[]) =>
      warehouse.merge({ table: revisedScores.name, rows, order: { column: 'revision', value, unit: 'game_id' }, replaceScope: { partitions: ['2026-01-24'], column: 'game_id', values: games } });
    const stored = (warehouse: OpenWarehouse['warehouse']) =>
      warehouse.query({ name: 'revised-scores', text: 'SELECT stored.game_id, stored.player, stored.points, stored.revision FROM `contract_raw.revised_scores` AS stored WHERE stored.game_date = @game_date ORDER BY stored.game_id, stored.player' }, { game_date: day('2026-01-24') });

    it('leaves a game alone that a later writer has written: no row changed, none added, none deleted', async () => {
      const { warehouse } = await open();
      await write(warehouse, 2, [of(2, 'g1', 'ann', 20), of(2, 'g1', 'bob', 20)], ['g1']);
      const before = await stored(warehouse);
      expect(await write(warehouse, 1, [of(1, 'g1', 'ann', 10), of(1, 'g1', 'cid', 10)], ['g1'])).toEqual(
        { inserted: 0, updated: 0, deleted: 0, unchanged: 0, superseded: [{ partition: '2026-01-24', unit: 'g1' }] },
      );
      expect(await stored(warehouse)).toEqual(before);
    });

    it('writes the other games of the same merge', async () => {
      const { warehouse } = await open();
      await write(warehouse, 2, [of(2, 'g1', 'ann', 20)], ['g1']);
      await write(warehouse, 1, [of(1, 'g2', 'eve', 1)], ['g2']);
      expect(await write(warehouse, 1, [of(1, 'g1', 'ann', 10), of(1, 'g2', 'dan', 30)], ['g1', 'g2'])).toMatchObject({ inserted: 1, deleted: 1, superseded: [{ unit: 'g1' }] });
      expect(await stored(warehouse)).toMatchObject([{ game_id: 'g1', points: 20 }, { game_id: 'g2', player: 'dan', points: 30 }]);
    });

    it.each([1, 2])('lets the same writer, and later ones, write again: revision %i after revision 1', async (value) => {
      const { warehouse } = await open();
      await write(warehouse, 1, [of(1, 'g1', 'ann', 10)], ['g1']);
      expect(await write(warehouse, value, [of(value, 'g1', 'ann', 11)], ['g1'])).toEqual({ inserted: 0, updated: 1, deleted: 0, unchanged: 0 });
    });

    it('moves an equal row forward with its writer, so that one between the two takes nothing back', async () => {
      const { warehouse } = await open();
      await write(warehouse, 1, [of(1, 'g1', 'ann', 10)], ['g1']);
      expect(await write(warehouse, 3, [of(3, 'g1', 'ann', 10)], ['g1'])).toEqual({ inserted: 0, updated: 1, deleted: 0, unchanged: 0 });
      expect(await write(warehouse, 2, [of(2, 'g1', 'ann', 20)], ['g1'])).toMatchObject({ updated: 0, superseded: [{ unit: 'g1' }] });
      expect(await stored(warehouse)).toMatchObject([{ points: 10, revision: 3 }]);
    });

    it('changes nothing when the same writer writes the same again', async () => {
      const { warehouse } = await open();
      await write(warehouse, 2, [of(2, 'g1', 'ann', 10)], ['g1']);
      expect(await write(warehouse, 2, [of(2, 'g1', 'ann', 10)], ['g1'])).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 1 });
    });

    it('orders whole partitions where no unit is named', async () => {
      const { warehouse } = await open();
      await write(warehouse, 2, [of(2, 'g1', 'ann', 20)], ['g1']);
      const request = { table: revisedScores.name, rows: [of(1, 'g2', 'dan', 30)], order: { column: 'revision', value: 1 }, replaceScope: { partitions: ['2026-01-24'] } };
      expect(await warehouse.merge(request)).toMatchObject({ inserted: 0, deleted: 0, superseded: [{ partition: '2026-01-24' }] });
      expect(await stored(warehouse)).toHaveLength(1);
    });

    it('orders by a TIMESTAMP in epoch milliseconds', async () => {
      const { warehouse } = await open();
      const at = Date.parse('2026-01-24T12:00:00.001Z');
      const asked = (value: number, points: number) => warehouse.merge({ table: revisedScores.name, rows: [{ ...of(1, 'g1', 'ann', points), fetched_at: value }], order: { column: 'fetched_at', value, unit: 'game_id' } });
      await asked(at, 10);
      expect(await asked(at - 1, 9)).toMatchObject({ updated: 0, superseded: [{ partition: '2026-01-24', unit: 'g1' }] });
      expect(await asked(at, 11)).toMatchObject({ updated: 1 });
    });
  });
}

function describeRefusals(open: Opening): void {
  describe('merge refuses, and changes nothing', () => {
    it.each<readonly [what: string, code: string, row: Row, words: RegExp]>([
      ['two source rows with one key', 'warehouse-statement-refused', score('g1', 'ann', 12), /must match at most one source row for each target row/],
      ['a missing required column', 'warehouse-schema-mismatch', { ...score('g2', 'bob', 1), run_id: undefined }, /contract_raw\.scores.*run_id.*player=bob/],
      ['a null in a required column', 'warehouse-schema-mismatch', score('g2', 'bob', 1, { data_hash: null }), /contract_raw\.scores.*data_hash.*player=bob/],
      ['an unknown column', 'warehouse-schema-mismatch', score('g2', 'bob', 1, { rebounds: 3 }), /contract_raw\.scores.*rebounds.*player=bob/],
      ['a value of another type', 'warehouse-schema-mismatch', score('g2', 'bob', 1.5), /contract_raw\.scores.*points.*player=bob/],
      ['a day that does not exist', 'warehouse-schema-mismatch', score('g2', 'bob', 1, { game_date: '2026-02-30' }), /game_date/],
    ])('%s', async (_, code, row, words) => {
      const { warehouse } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10)] });
      await expect(warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 11), row] })).rejects.toMatchObject({
        code, message: expect.stringMatching(words) as string,
      });
      expect(await scoresOf(warehouse)).toEqual([score('g1', 'ann', 10)]);
    });

    it('a table that it does not have', async () => {
      const { warehouse } = await open();
      await expect(warehouse.merge({ table: 'contract_raw.nothing', rows: [{ id: 'a' }] })).rejects.toMatchObject({
        code: 'warehouse-table-missing', disposition: 'defer',
      });
    });
  });
}

function describeReplaceScope(open: Opening): void {
  describe('merge with a scope', () => {
    it('deletes the rows of the partition that the source no longer has, and no others', async () => {
      const { warehouse } = await open();
      const otherDate = score('g0', 'ann', 3, { game_date: '2026-01-23' });
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10), score('g1', 'bob', 20), score('g2', 'cid', 30), otherDate] });
      const request = { table: scores.name, rows: [score('g1', 'ann', 11), score('g1', 'dan', 5)], replaceScope: { partitions: ['2026-01-24'] } };
      expect(await warehouse.merge(request)).toEqual({ inserted: 1, updated: 1, deleted: 2, unchanged: 0 });
      expect(await scoresOf(warehouse)).toEqual([score('g1', 'ann', 11), score('g1', 'dan', 5)]);
      expect(await scoresOf(warehouse, '2026-01-23')).toEqual([otherDate]);
      expect(await warehouse.merge(request)).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: 2 });
    });

    it('is bounded by the values of a column as well', async () => {
      const { warehouse } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10), score('g2', 'bob', 20), score('g3', 'cid', 30)] });
      const replaceScope = { partitions: ['2026-01-24'], column: 'game_id', values: ['g1', 'g2'] };
      expect(await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10)], replaceScope })).toEqual(
        { inserted: 0, updated: 0, deleted: 1, unchanged: 1 },
      );
      expect(await scoresOf(warehouse)).toEqual([score('g1', 'ann', 10), score('g3', 'cid', 30)]);
      expect(await warehouse.merge({ table: scores.name, rows: [], replaceScope: { ...replaceScope, values: [] } })).toMatchObject({ deleted: 0 });
    });

    it('empties the scope when the source has no rows', async () => {
      const { warehouse } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10)] });
      expect(await warehouse.merge({ table: scores.name, rows: [], replaceScope: { partitions: ['2026-01-24'] } })).toMatchObject({ deleted: 1 });
      expect(await scoresOf(warehouse)).toEqual([]);
    });

    it('reads the UTC day of a TIMESTAMP partition: 23:59:59.999 belongs to the day, 00:00 to the next', async () => {
      const { warehouse } = await open();
      const rows = [decision('a', '2026-01-23T23:59:59.999Z'), decision('b', '2026-01-24T00:00:00.000Z'), decision('c', '2026-01-24T23:59:59.999Z'), decision('d', '2026-01-25T00:00:00.000Z')];
      await warehouse.merge({ table: decisions.name, rows });
      expect(await warehouse.merge({ table: decisions.name, rows: [], replaceScope: { partitions: ['2026-01-24'] } })).toMatchObject({ deleted: 2 });
      expect((await allDecisions(warehouse)).map((row) => row['decision_id'])).toEqual(['a', 'd']);
    });

    it('keeps every row when the merge is refused', async () => {
      const { warehouse } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10)] });
      const rows = [score('g1', 'bob', 1), score('g1', 'bob', 2)];
      await expect(warehouse.merge({ table: scores.name, rows, replaceScope: { partitions: ['2026-01-24'] } })).rejects.toMatchObject({ code: 'warehouse-statement-refused' });
      expect(await scoresOf(warehouse)).toEqual([score('g1', 'ann', 10)]);
    });
  });
}

function describeMergeProperties(open: Opening): void {
  const rows = fc
    .uniqueArray(fc.record({ game: fc.constantFrom('g1', 'g2', 'g3'), player: fc.constantFrom('ann', 'bob', 'cid', 'dan'), points: fc.option(fc.integer()) }), {
      selector: ({ game, player }) => `${game} ${player}`, maxLength: 12,
    })
    .map((drawn) => drawn.map(({ game, player, points }) => score(game, player, points)));

  describe('merge, for any rows', () => {
    it('changes nothing the second time', async () => {
      const { warehouse } = await open();
      await fc.assert(
        fc.asyncProperty(rows, async (drawn) => {
          await warehouse.merge({ table: scores.name, rows: drawn, replaceScope: { partitions: ['2026-01-24'] } });
          const again = await warehouse.merge({ table: scores.name, rows: drawn, replaceScope: { partitions: ['2026-01-24'] } });
          expect(again).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: drawn.length });
        }),
        { numRuns: 20 },
      );
    });

    it('gives the same table whatever the order of the rows, and in how many merges they come', async () => {
      const { warehouse } = await open();
      await fc.assert(
        fc.asyncProperty(rows, fc.nat(12), async (drawn, cut) => {
          await warehouse.merge({ table: scores.name, rows: drawn, replaceScope: { partitions: ['2026-01-24'] } });
          const whole = await scoresOf(warehouse);
          await warehouse.merge({ table: scores.name, rows: [], replaceScope: { partitions: ['2026-01-24'] } });
          const reversed = drawn.toReversed();
          await warehouse.merge({ table: scores.name, rows: reversed.slice(cut) });
          await warehouse.merge({ table: scores.name, rows: reversed.slice(0, cut) });
          expect(await scoresOf(warehouse)).toEqual(whole);
        }),
        { numRuns: 20 },
      );
    });
  });
}
