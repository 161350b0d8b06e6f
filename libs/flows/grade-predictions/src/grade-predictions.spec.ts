import { openTemporary } from '@handoff/composition/temporary';
import { after, hours, OfficialGameId, parseInstant, type PhaseTriggered } from '@handoff/contracts';
import type { FlowContext, Warehouse } from '@handoff/ports';
import { aGame, aPrediction, asLoaded, asMade, aSummary, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gradePredictions } from './index.ts';

const date = '2026-01-15';
const [first, second] = ['0022500578', '0022500579'].map((game) => OfficialGameId.parse(game)) as [OfficialGameId, OfficialGameId];

let system: Awaited<ReturnType<typeof openTemporary>>;
const clock = new ManualClock(parseInstant('2026-01-16T11:00:00Z'));
beforeEach(async () => {
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  const { warehouse } = system.ports;
  for (const [index, game] of [first, second].entries()) {
    const own = { game_date: date, nba_game_id: game, player_lookup: `player${index}` };
    await warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(aGame({ game_date: date, game_id: game, home_team_tricode: index === 0 ? 'ORL' : 'BOS', away_team_tricode: index === 0 ? 'MEM' : 'LAL' }))] });
    await warehouse.merge({ table: 'nba_analytics.player_game_summary', rows: [asMade(aSummary({ ...own, points: 20 + index }))] });
    await warehouse.merge({ table: 'nba_predictions.player_prop_predictions', rows: [asMade(aPrediction(own))] });
  }
});
afterEach(() => system.close());

const trigger = (revision: number, game: OfficialGameId): PhaseTriggered => ({
  sport: 'nba', purpose: 'live', triggerId: `t${revision}`, phase: 'phase6-grade', flow: 'postgame',
  runs: [{ gameDate: date as PhaseTriggered['runs'][number]['gameDate'], revision, releaseId: `r${revision}`, games: [game], isDegraded: false, missing: [], upgrades: false, sourceVersionAt: after(clock.now(), hours(-1)) }],
});
const grade = (asked: PhaseTriggered, warehouse: Warehouse = system.ports.warehouse) => {
  const context: FlowContext = { ports: { ...system.ports, warehouse }, log: silentLog, correlationId: 'spec' };
  return gradePredictions(asked, context);
};
const summed = async () => (await system.ports.warehouse.query<{ predictions_count: number }>({ name: 'spec/performance', text: `SELECT performance.predictions_count FROM \`nba_predictions.system_daily_performance\` AS performance WHERE performance.game_date = DATE '${date}'` })).map((row) => row.predictions_count);

describe('the sum of a date that is graded in two runs', () => {
  it.each([['in order', [1, 2]], ['the later revision first', [2, 1]]])('%s is of both games', async (_, revisions) => {
    for (const revision of revisions) await grade(trigger(revision, revision === 1 ? first : second));
    expect(await summed()).toEqual([2]);
  });

  it('is of both games where one run ends while the other writes its sum', async () => {
    const { warehouse } = system.ports;
    let isEntered = false;
    const slow: Warehouse = {
      query: (...call: Parameters<Warehouse['query']>) => warehouse.query(...call), execute: (...call) => warehouse.execute(...call), counters: () => warehouse.counters(), streamedRows: (table) => warehouse.streamedRows(table),
      merge: async (request) => {
        if (request.table === 'nba_predictions.system_daily_performance' && !isEntered) {
          isEntered = true;
          await grade(trigger(1, first));
        }
        return warehouse.merge(request);
      },
    };
    await grade(trigger(2, second), slow);
    expect(await summed()).toEqual([2]);
  });

  it('counts a game once that is graded when its summary comes late, whatever was graded before it', async () => {
    const { warehouse } = system.ports;
    await warehouse.execute({ name: 'spec/without', text: 'DELETE FROM `nba_analytics.player_game_summary` AS summary WHERE summary.game_date = @date AND summary.nba_game_id = @game' }, { date: { type: 'DATE', value: date }, game: { type: 'STRING', value: second } });
    const both = { ...trigger(1, first), runs: trigger(1, first).runs.map((run) => ({ ...run, games: [first, second] })) };
    expect(await grade(both)).toMatchObject({ facts: { ungradable: 1 } });
    expect(await summed()).toEqual([1]);
    await warehouse.merge({ table: 'nba_analytics.player_game_summary', rows: [asMade(aSummary({ game_date: date, nba_game_id: second, player_lookup: 'player1', points: 21 }))] });
    await grade(trigger(2, second));
    await grade(both);
    await grade(trigger(2, second));
    expect(await summed()).toEqual([2]);
  });

  it('changes nothing when a run is repeated', async () => {
    await grade(trigger(1, first));
    const before = await summed();
    expect(await grade(trigger(1, first))).toMatchObject({ outcome: 'graded' });
    expect([before, await summed()]).toEqual([[1], [1]]);
  });
});
