import { openTemporary } from '@handoff/composition/temporary';
import { parseInstant } from '@handoff/contracts';
import { aGame, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identifyGame } from './index.ts';

let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  system = await openTemporary({ clock: new ManualClock(parseInstant('2026-01-26T17:00:00Z')), log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  const row = { ...aGame({ game_id: '0022500644' }), home_team_tricode: 'MIN', away_team_tricode: 'GSW' };
  const other = aGame({ game_id: '0022500578' });
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded({ ...row, game_date: '2026-01-24', is_postponed: true }), asLoaded({ ...row, game_date: '2026-01-25' }), asLoaded(other)] });
});
afterEach(() => system.close());

it.each([
  ['0022500644', 'found'], ['20260124_GSW_MIN', 'found'], ['20260125_gsw_min', 'found'], ['20260125_GS_MIN', 'found'], ['20260125/GSWMIN', 'found'], ['20260125_MIN_GSW', 'reversed'], [' 0022500644 ', 'found'],
])('%s is the game with both of its dates: %s', async (asked, resolution) => {
  expect(await identifyGame(system.ports.warehouse, asked)).toEqual({ officialId: '0022500644', home: 'MIN', away: 'GSW', dates: ['2026-01-24', '2026-01-25'], resolution });
});

it.each([['20260126_GSW_MIN', 'game-unknown'], ['0022500999', 'game-unknown'], ['MEM@ORL', 'game-id-malformed'], ['20260125_GSW_XXX', 'game-id-malformed']])('%s is refused as %s', async (asked, code) => {
  await expect(identifyGame(system.ports.warehouse, asked)).rejects.toMatchObject({ code });
});
