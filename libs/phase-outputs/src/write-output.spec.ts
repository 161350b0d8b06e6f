import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tables } from '@handoff/catalogue';
import { gameDate, OfficialGameId, parseInstant, type PhaseRun } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { aSummary, ManualClock } from '@handoff/testing';
import { openDuckDbWarehouse, type DuckDbWarehouse } from '@handoff/warehouse-duckdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeOutput } from './write-output.ts';

const output = 'nba_analytics.player_game_summary';
const date = gameDate('2026-01-24');
const [early, late] = [OfficialGameId.parse('0022500601'), OfficialGameId.parse('0022500602')];

const clock = new ManualClock(parseInstant('2026-01-25T11:00:00Z'));
let folder: string;
let environment: EmbeddedEnvironment;
let warehouse: DuckDbWarehouse;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-outputs-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.duckdb'), tables, clock });
});
afterEach(async () => {
  await warehouse.close();
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (revision: number, game: OfficialGameId, over: Partial<PhaseRun> = {}): PhaseRun => ({ gameDate: date, revision, releaseId: `r${revision}`, games: [game], isDegraded: false, missing: [], upgrades: false, sourceVersionAt: clock.now(), ...over });
const degraded = run(1, early, { isDegraded: true, missing: [late] });
const upgrade = run(2, late, { upgrades: true });

function write(by: PhaseRun, to: Warehouse = warehouse) {
  const rows = by.games.map((game) => aSummary({ game_date: date, game_id: `20260124_${game}`, nba_game_id: game }));
  return writeOutput({ warehouse: to, state: new EmbeddedStateStore(environment) }, { outputRows: { output, rows, replaces: true }, runs: [by], now: clock.now() });
}
const labels = async () => {
  const rows = await warehouse.query<{ nba_game_id: string; is_degraded: boolean }>({ name: 'spec/labels', text: `SELECT made.nba_game_id, made.is_degraded FROM \`${output}\` AS made WHERE made.game_date = DATE '${date}' ORDER BY made.nba_game_id` });
  return rows.map((row) => row.is_degraded);
};

describe('the label of a degraded run', () => {
  it('is on what it writes, until a later revision takes it off', async () => {
    await write(degraded);
    expect(await labels()).toEqual([true]);
    await write(upgrade);
    expect(await labels()).toEqual([false, false]);
  });

  it('stays off when the degraded run is done again after that', async () => {
    await write(degraded);
    await write(upgrade);
    await write(degraded);
    expect(await labels()).toEqual([false, false]);
  });

  it('is taken off by the degraded run itself when the upgrade happened while it wrote', async () => {
    const interrupted: Warehouse = {
      query: (...asked) => warehouse.query(...asked),
      execute: (...asked) => warehouse.execute(...asked),
      counters: () => warehouse.counters(),
      streamedRows: (table) => warehouse.streamedRows(table),
      async merge(request) {
        await write(upgrade);
        return warehouse.merge(request);
      },
    };
    await write(degraded, interrupted);
    expect(await labels()).toEqual([false, false]);
  });

  it('of a later degraded revision is not taken off by an upgrade before it', async () => {
    await write(upgrade);
    await write(run(3, early, { isDegraded: true, missing: [late] }));
    await write(upgrade);
    expect(await labels()).toEqual([true, false]);
  });
});
