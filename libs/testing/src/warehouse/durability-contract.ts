import { describe, expect, it } from 'vitest';
import { day, score, scores, scoresOf } from './harness.ts';
import type { Opening } from './opening.ts';

/** What was acknowledged is there afterwards. */
export function describeDurability(open: Opening): void {
  describe('a write that was acknowledged', () => {
    it('is there after closing and opening again, and the tables are not made anew', async () => {
      const { warehouse, reopen } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10)] });
      const again = await reopen();
      expect(await scoresOf(again.warehouse)).toEqual([score('g1', 'ann', 10)]);
      expect(await again.warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10)] })).toMatchObject({ unchanged: 1 });
    });

    it('is there after a crash, whether it came by merge or by execute', async () => {
      const { warehouse, crash } = await open();
      await warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', 10), score('g1', 'bob', 20)] });
      await warehouse.execute({ name: 'delete', text: "DELETE FROM `contract_raw.scores` WHERE game_date = @d AND player = 'bob'" }, { d: day('2026-01-24') });
      const after = await crash();
      expect(await scoresOf(after.warehouse)).toEqual([score('g1', 'ann', 10)]);
      const once = await after.crash();
      expect(await scoresOf(once.warehouse)).toEqual([score('g1', 'ann', 10)]);
    });

    it('is there with all that were asked for before the close, in their order', async () => {
      const { warehouse, reopen } = await open();
      const merges = [10, 11, 12].map((points) => warehouse.merge({ table: scores.name, rows: [score('g1', 'ann', points)] }));
      const again = await reopen();
      await Promise.all(merges);
      expect(await scoresOf(again.warehouse)).toEqual([score('g1', 'ann', 12)]);
    });
  });
}
