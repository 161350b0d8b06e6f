import { epochMs } from '@handoff/contracts';
import { aPrediction } from '@handoff/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Prediction } from './predictions.ts';
import { invalidate, supersede } from './supersede.ts';

const first = aPrediction();
const later = { predicted_at: epochMs(first.predicted_at + 600_000) };
const brief = (rows: readonly Prediction[]) => rows.map((row) => [row.line_key, row.is_active, row.superseded_by, row.predicted_points, row.predicted_at - first.predicted_at]);

it('a first prediction is the active row', () => {
  expect(supersede([], [first])).toEqual([first]);
});

it('a new line supersedes the old one', () => {
  expect(brief(supersede([first], [aPrediction({ ...later, line_key: '215' })]))).toEqual([['205', false, '215', 22, 0], ['215', true, null, 22, 600_000]]);
});

it('a line where there was none supersedes the row without', () => {
  expect(brief(supersede([aPrediction({ line_key: 'none' })], [aPrediction({ ...later })]))).toEqual([['none', false, '205', 22, 0], ['205', true, null, 22, 600_000]]);
});

it('the same line with equal values keeps the moment of its first prediction', () => {
  expect(supersede([first], [aPrediction(later)])).toEqual([first]);
});

it('the same line with other values is replaced in place', () => {
  expect(brief(supersede([first], [aPrediction({ ...later, predicted_points: 23 })]))).toEqual([['205', true, null, 23, 600_000]]);
});

it('a line that comes back stands again, and the one between names it', () => {
  const moved = supersede([first], [aPrediction({ ...later, line_key: '215' })]);
  expect(brief(supersede(moved, [aPrediction(later)]))).toEqual([['215', false, '205', 22, 600_000], ['205', true, null, 22, 0]]);
});

it('an invalidated row stands again when the player is predicted anew, and stays in the past under another line', () => {
  const out = invalidate([first], 'player-ruled-out');
  expect(supersede(out, [aPrediction(later)])).toEqual([first]);
  expect(supersede(out, [aPrediction({ ...later, line_key: '215' })])[0]).toEqual(out[0]);
});

it('players and systems that are not predicted anew are left alone', () => {
  const rows = supersede([first, aPrediction({ system_id: 'other_v1' }), aPrediction({ player_lookup: 'franzwagner' })], [aPrediction({ line_key: '215' })]);
  expect(rows.map((row) => `${row.player_lookup} ${row.system_id}`)).toEqual(['paolobanchero system_v1', 'paolobanchero system_v1']);
});

it('refuses two new rows for one place', () => {
  expect(() => supersede([], [first, aPrediction({ line_key: '215' })])).toThrow('two new predictions for 2026-01-15 0022500578 paolobanchero system_v1');
});

describe('after any history of predictions', () => {
  const step = fc.record({ line_key: fc.constantFrom('none', '200', '205', '215'), predicted_points: fc.constantFrom(18, 22), system_id: fc.constantFrom('a_v1', 'b_v1'), invalidated: fc.boolean() });
  const keyOf = (row: Prediction): string => `${row.player_lookup} ${row.system_id} ${row.line_key}`;
  const merge = (table: Map<string, Prediction>, rows: readonly Prediction[]): void => { for (const row of rows) table.set(keyOf(row), row); };

  it('there is exactly one active row per key, the newest; and applying the last step again changes nothing', () => {
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const table = new Map<string, Prediction>();
      for (const [index, { invalidated, ...over }] of steps.entries()) {
        if (invalidated) merge(table, invalidate([...table.values()], 'player-ruled-out'));
        const fresh = [aPrediction({ ...over, predicted_at: epochMs(first.predicted_at + index * 1_000) })];
        merge(table, supersede([...table.values()], fresh));
        const active = [...table.values()].filter((row) => row.is_active && row.system_id === over.system_id);
        expect(active).toHaveLength(1);
        expect(active[0]).toMatchObject({ line_key: over.line_key, predicted_points: over.predicted_points, superseded_by: null, invalidation_reason: null });
        const settled = [...table.values()];
        merge(table, supersede(settled, fresh));
        expect([...table.values()]).toEqual(settled);
      }
      for (const row of table.values()) expect(row.is_active).toBe(row.superseded_by === null && row.invalidation_reason === null);
    }));
  });
});

it('invalidating again keeps the first reason', () => {
  const once = invalidate([first], 'game-postponed');
  expect(once).toMatchObject([{ is_active: false, invalidation_reason: 'game-postponed' }]);
  expect(invalidate(once, 'player-ruled-out')).toEqual(once);
});
