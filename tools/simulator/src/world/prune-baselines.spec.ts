import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pruneBaselines } from './prune-baselines.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'handoff-baselines-')); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

const [lastWeek, today] = [1_769_000_000, 1_769_600_000];
const made = (name: string, atSeconds: number): void => {
  if (name.endsWith('.json')) writeFileSync(join(folder, name), '{}');
  else {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'state.lmdb'), '');
  }
  utimesSync(join(folder, name), atSeconds, atSeconds);
};

it('removes the baselines that are older, whole, and nothing else', () => {
  made('history-nba-2026-01-24-69f9953b3089a0d1', lastWeek);
  made('clean-2026-01-25-795fd6df4cfecceb.json', lastWeek);
  made('history-nba-2026-01-24-0123456789abcdef', today);
  made('failed', lastWeek);
  made('every-fault', lastWeek);
  made('history.json', lastWeek);
  expect(pruneBaselines(folder, (lastWeek + 1) * 1_000)).toBe(2);
  expect(readdirSync(folder).toSorted()).toEqual(['every-fault', 'failed', 'history-nba-2026-01-24-0123456789abcdef', 'history.json']);
  expect(pruneBaselines(folder, (lastWeek + 1) * 1_000)).toBe(0);
});

it('finds nothing where nothing was ever simulated', () => {
  expect(pruneBaselines(join(folder, 'none'), Infinity)).toBe(0);
});
