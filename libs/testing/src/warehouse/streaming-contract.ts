import { after, minutes, type EpochMs } from '@handoff/contracts';
import type { Statement } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import { allDecisions, day, decision, decisions, score, scores, scoresOf, text } from './harness.ts';
import type { Opening } from './opening.ts';

const halfHour = minutes(30);
const words = /UPDATE or DELETE statement over table \S+\.contract_raw\.scores would affect rows in the streaming buffer, which is not supported/;

const between = (first: EpochMs, last: EpochMs): number => expect.toSatisfy((at: number) => at >= first && at <= last) as number;

/**
 * Refused until the rows have left: at `leftAt`, or up to 30 minutes from `now` where an engine does not say when
 * they came, as BigQuery does not.
 */
const refusal = (leftAt: EpochMs, now: EpochMs) => ({
  code: 'warehouse-streaming-buffer', disposition: 'defer', message: expect.stringMatching(words) as string,
  until: between(leftAt, after(now, halfHour)),
});

const where = 'WHERE T.game_date = @game_date AND T.player = @player';
const source = "(SELECT game_date, game_id, player, points FROM `contract_raw.scores` WHERE game_date = @game_date AND player = @player)";
const changes: readonly Statement[] = [
  { name: 'update', text: `UPDATE \`contract_raw.scores\` AS T SET points = 0 ${where}` },
  { name: 'delete', text: 'DELETE FROM `contract_raw.scores` WHERE game_date = @game_date AND player = @player' },
  { name: 'update-from', text: `UPDATE \`contract_raw.scores\` AS T SET points = S.points FROM ${source} AS S ${where} AND S.player = T.player` },
  {
    name: 'merge-matched',
    text: `MERGE INTO \`contract_raw.scores\` AS T USING ${source} AS S ON T.game_date = @game_date AND T.player = S.player WHEN MATCHED THEN UPDATE SET points = 0`,
  },
  {
    name: 'merge-orphans',
    text: `MERGE INTO \`contract_raw.scores\` AS T USING ${source} AS S ON T.game_date = @game_date AND T.player <> S.player
      WHEN NOT MATCHED BY SOURCE AND T.game_date = @game_date THEN DELETE`,
  },
];

/** BigQuery's rule on rows that insertAll wrote in the last 30 minutes. */
export function describeStreamingBuffer(open: Opening): void {
  describe('rows in the streaming buffer', () => {
    it.each([
      [0, 'refused'], [29, 'refused'], [30, 'done'], [31, 'done'],
    ])('are updated by a merge %i minutes after their arrival: %s', async (waitedMin, outcome) => {
      const { warehouse, clock, streamInsert } = await open();
      const arrivedAt = clock.now();
      await streamInsert(scores.name, [score('g1', 'ann', 10)]);
      clock.advance(minutes(waitedMin));
      const merge = warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 11)] });
      await (outcome === 'done' ? expect(merge).resolves.toMatchObject({ updated: 1 }) : expect(merge).rejects.toMatchObject(refusal(after(arrivedAt, halfHour), clock.now())));
      expect(await scoresOf(warehouse)).toEqual([score('g1', 'ann', outcome === 'done' ? 11 : 10)]);
    });

    it.each(changes)('are refused to $name, and another player of the same game is not', async (statement) => {
      const { warehouse, clock, streamInsert } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'bob', 20)] });
      await streamInsert(scores.name, [score('g1', 'ann', 10)]);
      const blocked = warehouse.execute(statement, { game_date: day('2026-01-24'), player: text('ann') });
      await expect(blocked).rejects.toMatchObject(refusal(after(clock.now(), halfHour), clock.now()));
      await expect(warehouse.execute(statement, { game_date: day('2026-01-24'), player: text('bob') })).resolves.toEqual({ affectedRows: 1 });
      clock.advance(halfHour);
      await expect(warehouse.execute(statement, { game_date: day('2026-01-24'), player: text('ann') })).resolves.toMatchObject({ affectedRows: expect.any(Number) as number });
    });

    it('are left alone by a merge that changes other keys, repeats them, or only inserts', async () => {
      const { warehouse, streamInsert } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'bob', 20)] });
      await streamInsert(scores.name, [score('g1', 'ann', 10)]);
      const rows = [score('g1', 'ann', 10), score('g1', 'bob', 21), score('g1', 'cid', 5)];
      expect(await warehouse.merge({ table: scores.name, rows })).toEqual({ inserted: 1, updated: 1, deleted: 0, unchanged: 1 });
    });

    it('stand in the way of no row that a merge only inserts, and stay as they are', async () => {
      const { warehouse, streamInsert } = await open();
      await streamInsert(scores.name, [score('g1', 'ann', 10)]);
      const forced = { table: scores.name, rows: [score('g1', 'ann', 11), score('g1', 'cid', 5)], replaceScope: { partitions: ['2026-01-24'] }, insertsOnly: true } as const;
      expect(await warehouse.merge(forced)).toMatchObject({ inserted: 1, updated: 0, deleted: 0 });
      expect(await scoresOf(warehouse)).toEqual([score('g1', 'ann', 10), score('g1', 'cid', 5)]);
      expect(await warehouse.merge(forced)).toMatchObject({ inserted: 0, updated: 0, deleted: 0 });
    });

    it('are not deleted by the scope of a merge, until the youngest of them is 30 minutes old', async () => {
      const { warehouse, clock, streamInsert } = await open();
      await streamInsert(scores.name, [score('g1', 'ann', 10)]);
      clock.advance(minutes(10));
      await streamInsert(scores.name, [score('g1', 'bob', 20)]);
      const replace = () => warehouse.merge({ table: scores.name, rows: [score('g1', 'cid', 1)], replaceScope: { partitions: ['2026-01-24'] } });
      await expect(replace()).rejects.toMatchObject(refusal(after(clock.now(), halfHour), clock.now()));
      clock.advance(minutes(20));
      await expect(replace()).rejects.toMatchObject({ code: 'warehouse-streaming-buffer' });
      expect(await scoresOf(warehouse)).toHaveLength(2);
      clock.advance(minutes(10));
      expect(await replace()).toMatchObject({ inserted: 1, deleted: 2 });
    });

    it('leave it one by one: an old row can be changed while a younger one of the table cannot', async () => {
      const { warehouse, clock, streamInsert } = await open();
      await streamInsert(scores.name, [score('g1', 'ann', 10)]);
      clock.advance(minutes(10));
      await streamInsert(scores.name, [score('g1', 'bob', 20)]);
      clock.advance(minutes(20));
      expect(await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 11)] })).toMatchObject({ updated: 1 });
      await expect(warehouse.merge({ table: scores.name, rows: [score('g1', 'bob', 21)] })).rejects.toMatchObject({ code: 'warehouse-streaming-buffer' });
    });

    it('may repeat a key, and are read at once', async () => {
      const { warehouse, streamInsert } = await open();
      await streamInsert(decisions.name, [decision('a', '2026-01-24T01:00:00Z'), decision('a', '2026-01-24T01:00:00Z')]);
      expect(await allDecisions(warehouse)).toHaveLength(2);
    });

    it('are told of their table while it has any, with the moment from which they can be changed', async () => {
      const { warehouse, clock, streamInsert } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'eve', 1)] });
      expect(await warehouse.streamedRows(scores.name)).toBeUndefined();
      const arrivedAt = clock.now();
      await streamInsert(scores.name, [score('g1', 'ann', 10)]);
      clock.advance(minutes(10));
      await streamInsert(scores.name, [score('g1', 'bob', 20)]);
      expect(await warehouse.streamedRows(scores.name)).toEqual({ rows: 2, oldestAt: arrivedAt, until: after(clock.now(), halfHour) });
      expect(await warehouse.streamedRows(decisions.name)).toBeUndefined();
      clock.advance(minutes(29));
      expect(await warehouse.streamedRows(scores.name)).toEqual({ rows: 1, oldestAt: after(arrivedAt, minutes(10)), until: between(after(arrivedAt, minutes(40)), after(clock.now(), halfHour)) });
      clock.advance(minutes(1));
      expect(await warehouse.streamedRows(scores.name)).toBeUndefined();
    });

    it('are told of no table that is not there', async () => {
      const { warehouse } = await open();
      await expect(warehouse.streamedRows('contract_raw.nowhere')).rejects.toMatchObject({ code: 'warehouse-table-missing' });
    });

    it('are still buffered after a restart and after a crash', async () => {
      const { clock, streamInsert, reopen } = await open();
      const arrivedAt = clock.now();
      await streamInsert(scores.name, [score('g1', 'ann', 10)]);
      clock.advance(minutes(29));
      const reopened = await reopen();
      expect(await reopened.warehouse.streamedRows(scores.name)).toMatchObject({ rows: 1, oldestAt: arrivedAt });
      const rows = [score('g1', 'ann', 11)];
      await expect(reopened.warehouse.merge({ table: scores.name, rows })).rejects.toMatchObject(refusal(after(arrivedAt, halfHour), clock.now()));
      const crashed = await reopened.crash();
      await expect(crashed.warehouse.merge({ table: scores.name, rows })).rejects.toMatchObject(refusal(after(arrivedAt, halfHour), clock.now()));
      clock.advance(minutes(1));
      expect(await crashed.warehouse.merge({ table: scores.name, rows })).toMatchObject({ updated: 1 });
    });
  });
}
