import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, OfficialGameId, parseInstant, type PhaseTriggered } from '@handoff/contracts';
import type { FlowContext } from '@handoff/ports';
import { addDays } from '@handoff/slate';
import { aBoxScore, aGame, asLoaded, asMade, aSummary, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkWritten } from './check-written.ts';

const date = gameDate('2026-01-24');
const [first, second] = ['0022500601', '0022500602'].map((id) => OfficialGameId.parse(id)) as [OfficialGameId, OfficialGameId];
const names = Array.from({ length: 10 }, (_, index) => `player${index}`);

let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  system = await openTemporary({ clock: new ManualClock(parseInstant('2026-01-25T06:00:00Z')), log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  await merge('nba_raw.nbac_schedule', [
    asLoaded(aGame({ game_date: date, game_id: first })), asLoaded(aGame({ game_date: date, game_id: second, home_team_tricode: 'BOS', away_team_tricode: 'LAL' })),
    asLoaded(aGame({ game_date: '2025-11-01', game_id: '0022500001' })),
  ]);
});
afterEach(() => system.close());

const merge = (table: string, rows: readonly object[]) => system.ports.warehouse.merge({ table, rows: rows as never });
const incidents = async () => (await system.notifier.incidents()).map(({ cause, severity, resolvedAt }) => ({ cause, severity, isOpen: resolvedAt === null }));
const check = (phase: PhaseTriggered['phase'], flow: PhaseTriggered['flow'], over: { readonly purpose?: 'history'; readonly games?: readonly OfficialGameId[] } = {}) => {
  const run = { gameDate: date, revision: 1, releaseId: 'r1', games: [...(over.games ?? [first, second])], isDegraded: false, missing: [], upgrades: false, sourceVersionAt: parseInstant('2026-01-25T05:00:00Z') };
  const context: FlowContext = { ports: system.ports, log: silentLog, correlationId: 'spec' };
  return checkWritten({ sport: 'nba', purpose: over.purpose ?? 'live', triggerId: 't', phase, flow, runs: [run] }, context);
};

describe('the players of a game that was summarised', () => {
  const team = (game: OfficialGameId) => (game === first ? 'ORL' : 'BOS');
  const boxScore = (game: OfficialGameId, table = 'nba_raw.bdl_player_boxscores') => merge(table, names.map((player) => asLoaded(aBoxScore({ game_date: date, nba_game_id: game, team_abbr: team(game), player_lookup: player }))));
  const summarised = (game: OfficialGameId, count: number) => merge('nba_analytics.player_game_summary', names.slice(0, count).map((player) => asMade(aSummary({ game_date: date, nba_game_id: game, team_abbr: team(game), player_lookup: player }))));

  it.each([[10, []], [9, []], [8, []], [7, ['player-count-low']], [0, ['player-count-low']]])('%i of ten tells of %j', async (count, causes) => {
    await boxScore(first);
    if (count > 0) await summarised(first, count);
    await check('phase3', 'postgame');
    expect((await incidents()).map(({ cause }) => cause)).toEqual(causes);
  });

  it('are told of by name, once, and resolved when they are all there', async () => {
    await boxScore(first);
    await summarised(first, 7);
    await check('phase3', 'postgame');
    await check('phase3', 'postgame');
    expect(JSON.stringify(await system.notifier.incidents())).toContain('0022500601: 7 of 10, without player7, player8, player9');
    await summarised(first, 10);
    await check('phase3', 'postgame');
    expect(await incidents()).toEqual([{ cause: 'player-count-low', severity: 'error', isOpen: false }]);
  });

  it('are compared by the official id, whatever id a source gives its game', async () => {
    await merge('nba_raw.nbac_player_boxscores', names.map((player) => asLoaded(aBoxScore({ game_date: date, nba_game_id: first, game_id: first, team_abbr: 'ORL', player_lookup: player }))));
    await summarised(first, 10);
    await check('phase3', 'postgame');
    expect(await incidents()).toEqual([]);
  });

  it('are not missed of a game whose turn has not come, and not looked at when history is loaded', async () => {
    await boxScore(second);
    await check('phase3', 'postgame', { games: [first] });
    await check('phase3', 'postgame', { purpose: 'history' });
    expect(await incidents()).toEqual([]);
  });
});

describe('the features of a date', () => {
  const feature = (on: string, player: string, over: { readonly score?: number; readonly defaults?: readonly string[] } = {}) => asMade({
    game_date: on, game_id: '20260124_MEM_ORL', nba_game_id: first, team_abbr: 'ORL', opponent_team_abbr: 'MEM', player_lookup: player, feature_version: 'v2', feature_count: 1, feature_names: ['one'], features: [1],
    feature_origins: ['calculated'], feature_quality_score: over.score ?? 80, default_feature_count: over.defaults?.length ?? 0, default_feature_names: over.defaults ?? [], quality_tier: 'medium', data_source: 'mixed', is_production_ready: true,
  });
  const days = (on: string, over: Parameters<typeof feature>[2] = {}) => merge('nba_predictions.ml_feature_store_v2', names.map((player) => feature(on, player, over)));
  const windows = (pct: number, over: object = {}) => merge('nba_precompute.player_daily_cache', names.map((player) => asMade({
    cache_date: date, nba_game_id: first, player_lookup: player, team_abbr: 'ORL', games_played_season: 40, games_in_last_7_days: 3, games_in_last_14_days: 6, last_game_date: '2026-01-22',
    points_avg_last_5: 1, points_avg_last_10: 1, points_avg_last_7_days: 1, points_avg_last_14_days: 1, points_avg_last_30_days: 1, points_avg_season: 1, points_std_last_10: 1, minutes_avg_last_5: 1, minutes_avg_last_10: 1,
    minutes_avg_season: 1, usage_rate_last_10: 1, ppm_avg_last_10: 1, ft_rate_last_10: 1, three_pt_rate_last_10: 1,
    l5_completeness_pct: pct, l10_completeness_pct: pct, l7d_completeness_pct: pct, l14d_completeness_pct: pct, l30d_completeness_pct: pct, all_windows_complete: pct >= 70, ...over,
  })));
  const yesterday = addDays(date, -1);

  it.each([
    [80, undefined, []], [70, undefined, []], [69.9, undefined, ['error']], [64.9, undefined, ['critical']],
    [79, 89, []], [78, 89, ['error']], [75, 80, []],
  ] as const)('with a mean of %d after one of %j is told of as %j', async (score, before, severities) => {
    if (before !== undefined) await days(yesterday, { score: before });
    await days(date, { score });
    await windows(100);
    await check('phase4', 'pregame');
    expect((await incidents()).map(({ severity }) => severity)).toEqual(severities);
  });

  it.each([
    ['a feature that was there before', ['opponent_pace'], [], ['feature-quality-low']],
    ['a feature that is never there', ['fatigue_score'], ['fatigue_score'], []],
    ['a line, which may rightly be missing', ['vegas_points_line', 'vegas_opening_line', 'vegas_line_move'], [], []],
  ])('that lack %s behind a good mean are judged by it', async (_, today, before, causes) => {
    await days(yesterday, { defaults: before });
    await days(date, { defaults: today });
    await windows(100);
    await check('phase4', 'pregame');
    expect((await incidents()).map(({ cause }) => cause)).toEqual(causes);
  });

  it('are resolved when they are well again', async () => {
    await days(date, { score: 60 });
    await windows(100);
    await check('phase4', 'pregame');
    await days(date, { score: 85 });
    await check('phase4', 'pregame');
    expect(await incidents()).toEqual([{ cause: 'feature-quality-low', severity: 'critical', isOpen: false }]);
  });

  it.each([[100, {}, []], [70, {}, []], [69, {}, ['error']], [49, {}, ['critical']], [100, { l5_completeness_pct: 40 }, ['critical']], [100, { l7d_completeness_pct: 60 }, ['error']]])('windows of %i %% and %j are told of as %j, each for itself', async (pct, over, severities) => {
    await days(date);
    await windows(pct, over);
    await check('phase4', 'pregame');
    expect((await incidents()).map(({ cause, severity }) => [cause, severity])).toEqual(severities.map((severity) => ['window-completeness-low', severity]));
  });

  it('are not judged in a season\'s first weeks, in which there is nothing to make them of', async () => {
    await merge('nba_raw.nbac_schedule', [asLoaded(aGame({ game_date: '2025-11-01', game_id: '0022500001', game_status: 1, home_team_score: null, away_team_score: null }))]);
    await days(date, { score: 40 });
    await windows(10);
    await check('phase4', 'pregame');
    expect(await incidents()).toEqual([]);
  });
});
