import { gameDate, OfficialGameId, parseInstant, type GapRow } from '@handoff/contracts';
import { noteFailedWork } from '@handoff/retry-queue';
import { aBoxScore, aGame, anExpectedOutput, aPrediction, asLoaded, asMade } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliWorld } from './cli-world.ts';

const game = OfficialGameId.parse('0022500644');
const [planned, played] = [gameDate('2026-01-24'), gameDate('2026-01-25')];
let world: CliWorld;
beforeEach(async () => {
  world = new CliWorld(parseInstant('2026-01-26T17:00:00Z'));
  await world.act(async ({ warehouse }) => {
    const row = { ...aGame({ game_id: game }), home_team_tricode: 'MIN', away_team_tricode: 'GSW' };
    await warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [
      asLoaded({ ...row, game_date: planned, tip_at: parseInstant('2026-01-24T22:30:00Z'), home_team_score: null, away_team_score: null, is_postponed: true }),
      asLoaded({ ...row, game_date: played, tip_at: parseInstant('2026-01-25T22:30:00Z') }),
    ] });
    await warehouse.merge({ table: 'nba_raw.bdl_player_boxscores', rows: ['aaron', 'bruno'].map((player) => asLoaded(aBoxScore({ game_date: played, nba_game_id: game, player_lookup: player }))) });
    await warehouse.merge({ table: 'nba_predictions.player_prop_predictions', rows: [asMade(aPrediction({ game_date: planned, nba_game_id: game, is_active: false, invalidation_reason: 'game-postponed' }))] });
  });
});
afterEach(() => { world.remove(); });

const trace = (id: string) => world.run('trace', '--game', id);
const expected = (output: string, state: string) => world.act(({ warehouse }) => warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: [anExpectedOutput({ game_date: played, output, scope: game, state })] }));

it.each([
  ['its official id', '0022500644', 'found'], ['its date id', '20260125_GSW_MIN', 'found'], ['the date on which it was not played', '20260124_GSW_MIN', 'found'], ['its teams the other way round', '20260125_MIN_GSW', 'reversed'],
  ['another source\'s team code', '20260125_GS_MIN', 'found'], ['its game code', '20260125/GSWMIN', 'found'], ['small letters', '20260125_gsw_min', 'found'],
])('finds a game by %s', async (_, id, resolution) => {
  expect(await trace(id)).toMatchObject({ code: 0, answer: { schema: 'handoff.trace/1', game, dateId: '20260125_GSW_MIN', resolution } });
});

it('shows a game that moved on both dates: what was taken back on the one, what is there on the other', async () => {
  expect(await trace(game)).toMatchObject({ code: 0, answer: { dates: [
    { gameDate: planned, status: 'postponed', movedIn: false, steps: [{ output: 'nba_raw.nbac_schedule' }, { output: 'nba_predictions.player_prop_predictions', rows: 1, invalidatedRows: 1 }] },
    { gameDate: played, status: 'final', movedIn: true, steps: [{ output: 'nba_raw.nbac_schedule' }, { output: 'nba_raw.bdl_player_boxscores', rows: 2 }] },
  ] } });
});

it.each([['COMPLETE', 0], ['EXPECTED', 0], ['EMPTY_OK', 0], ['DEGRADED', 1], ['FAILED', 2], ['MISSED', 2]])('ends for an output that is %s with %i', async (state, code) => {
  await expected('nba_analytics.player_game_summary', state);
  expect((await trace(game)).code).toBe(code);
});

it('shows what is tried again for it, as a warning', async () => {
  await world.act(async (ports) => {
    await noteFailedWork(ports, {
      work: { workKey: `missing-game|nba_raw.bdl_player_boxscores|${game}`, kind: 'scrape', phase: 'phase1', processorName: 'nba_raw.bdl_player_boxscores', gameDate: played, correlationId: 'c', inputHash: 'a', redo: { topic: 'scrape-requests', payload: {}, messageKey: null }, awaits: { gameDate: played, outputs: ['nba_raw.bdl_player_boxscores'], games: [game] } },
      failure: { type: 'missing-game', code: 'no-rows-for-final-games', message: 'not there' },
    });
  });
  expect(await trace(game)).toMatchObject({ code: 1, answer: { retries: [{ status: 'pending', processor: 'nba_raw.bdl_player_boxscores', tries: 0 }] } });
});

describe('the gaps that a game was in', () => {
  const box = 'nba_raw.bdl_player_boxscores';
  const other = `${box}|0022500645`;
  const at = ['11:30', '11:45', '12:00', '12:30', '13:00'].map((time) => `2026-01-26T${time}:00.000Z`);
  /** As the log has it: each change, at least once. */
  const told = (version: number, over: Partial<GapRow>) => world.act((_, { warehouse }) => {
    const id = `${played}|postgame|${box}|1`;
    const row: GapRow = { event_id: `${id}|${version}`, gap_id: id, version, game_date: played, output: box, phase: 'phase2', flow: 'postgame', status: 'open', missing: [other, `${box}|${game}`], attempts: 0, last_attempt: null, opened_at: parseInstant(at[0]!), next_action_at: null, ended_at: null, resolution: null, history: [], updated_at: parseInstant(at[version - 1]!), ...over };
    return warehouse.streamInsert('nba_orchestration.gap_log', [row, row]);
  });
  const shown = { gameDate: played, flow: 'postgame', cause: box, occurrence: 1, missing: [box], openedAt: at[0], attempts: [{ at: at[1], repair: 'scrape bdl_player_box_scores' }] };
  const [once, twice] = [{ attempts: 1, last_attempt: 'scrape bdl_player_box_scores' }, { attempts: 2, last_attempt: 'scrape nbac_player_boxscore' }];
  beforeEach(async () => {
    await told(1, {});
    await told(2, once);
  });

  it('are shown with what each began with and what was tried, as a warning while one is open', async () => {
    expect(await trace(game)).toMatchObject({ code: 1, answer: { gaps: [{ ...shown, status: 'open', endedAt: null }] } });
  });

  it('are told of as over when the game was filled, whatever becomes of the others', async () => {
    await told(3, { ...once, missing: [other] });
    await told(4, { ...twice, missing: [other] });
    await told(5, { ...twice, missing: [other], status: 'closed', ended_at: parseInstant(at[4]!), resolution: 'rows seen: 21' });
    expect(await trace(game)).toMatchObject({ code: 0, answer: { gaps: [{ ...shown, status: 'filled', endedAt: at[2], resolution: null }] } });
  });

  it('are shown with how they ended', async () => {
    await told(3, { ...once, status: 'closed', ended_at: parseInstant(at[2]!), resolution: 'rows seen: 42' });
    expect(await trace(game)).toMatchObject({ code: 0, answer: { gaps: [{ ...shown, status: 'closed', endedAt: at[2], resolution: 'rows seen: 42' }] } });
  });

  it('are an error once a round of repairs was over', async () => {
    await told(3, { ...once, status: 'stopped' });
    expect((await trace(game)).code).toBe(2);
  });
});

it.each([['0022599999', 'the schedule has no game'], ['20260125_BOS_LAL', 'the schedule has no game'], ['GSW@MIN', 'not an official game id'], ['20260125_XXX_MIN', 'not a date game id']])('%s is a usage error that says what is wrong', async (id, says) => {
  const { code, answer, told } = await trace(id);
  expect([code, answer]).toEqual([64, undefined]);
  expect(told).toContain(says);
});
