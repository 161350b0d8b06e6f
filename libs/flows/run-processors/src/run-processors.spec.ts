import { CircuitBreakerConfig } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, hours, minutes, OfficialGameId, parseInstant, PipelineError, type OutputsCompleted, type PhaseRun, type PhaseTriggered, type ReprocessAttemptRow } from '@handoff/contracts';
import { guarded, type Delivery, type FlowContext, type Ports } from '@handoff/ports';
import { addDays } from '@handoff/slate';
import { aBoxScore, aGame, anUpcomingPlayer, asLoaded, asMade, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProcessors } from './run-processors.ts';

const date = gameDate('2026-01-15');
const [orlando, boston] = ['0022500578', '0022500579'].map((id) => OfficialGameId.parse(id));
const features = 'nba_predictions.ml_feature_store_v2';
/** Orlando's last ten games against Memphis, the latest first. Boston has played none. */
const played = Array.from({ length: 10 }, (_, index) => {
  const on = addDays(date, -3 * (index + 1));
  return { date: on, officialId: OfficialGameId.parse(`00225003${String(index).padStart(2, '0')}`), dateId: `${on.replaceAll('-', '')}_MEM_ORL`, code: `${on.replaceAll('-', '')}/MEMORL` };
});

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-15T12:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  const games = [aGame({ game_status: 1, home_team_score: null, away_team_score: null }), aGame({ game_id: boston!, game_code: '20260115/NYKBOS', game_status: 1, home_team_score: null, away_team_score: null, home_team_tricode: 'BOS', away_team_tricode: 'NYK' })];
  await merge('nba_raw.nbac_schedule', [...games, ...played.map((game) => aGame({ game_date: game.date, game_id: game.officialId, game_code: game.code, tip_at: parseInstant(`${game.date}T19:00:00Z`) }))].map(asLoaded));
  const players = [anUpcomingPlayer(), anUpcomingPlayer({ player_lookup: 'jaysontatum', team_abbr: 'BOS', opponent_team_abbr: 'NYK', nba_game_id: boston!, game_id: '20260115_NYK_BOS' })];
  await merge('nba_analytics.upcoming_player_game_context', players.map(asMade));
});
afterEach(() => system.close());

const merge = (table: string, rows: readonly Readonly<Record<string, unknown>>[]) => system.ports.warehouse.merge({ table, rows });
const context = (over: Partial<Ports> = {}): FlowContext => ({ ports: { ...system.ports, ...over }, log: silentLog, correlationId: 'spec' });
const runOf = (games: readonly OfficialGameId[], on = date, revision = 1): PhaseRun => ({
  gameDate: on, revision, releaseId: `${on}_r${revision}`, games: [...games], isDegraded: false, missing: [], upgrades: false, sourceVersionAt: clock.now(),
});
const triggered = (over: Partial<PhaseTriggered> & Pick<PhaseTriggered, 'runs'>): PhaseTriggered => ({ sport: 'nba', purpose: 'live', triggerId: 'trigger', phase: 'phase4', flow: 'pregame', ...over });
const process = (trigger: PhaseTriggered, { over = {}, config = {} }: { readonly over?: Partial<Ports>; readonly config?: Partial<CircuitBreakerConfig> } = {}) => runProcessors(trigger, context(over), CircuitBreakerConfig.parse(config));
const makeFeatures = (revision: number, purpose: PhaseTriggered['purpose'] = 'live') => process(triggered({ purpose, runs: [runOf([orlando!, boston!], date, revision)] }));

/** Brings the box scores of the latest `count` games as far as phase 3, as a postgame flow does. */
async function summarise(count: number): Promise<void> {
  const games = played.slice(0, count);
  const lines = games.flatMap((game) => ['ORL', 'MEM'].map((team) => aBoxScore({ game_date: game.date, game_id: game.dateId, nba_game_id: game.officialId, team_abbr: team, player_lookup: team === 'ORL' ? 'paolobanchero' : 'jamorant' })));
  await merge('nba_raw.bdl_player_boxscores', lines.map(asLoaded));
  await process(triggered({ purpose: 'history', phase: 'phase3', flow: 'postgame', runs: games.map((game) => runOf([game.officialId], game.date)) }));
}

async function deliveries(subscription: string): Promise<readonly Delivery[]> {
  const seen: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { seen.push(delivery); return Promise.resolve('ack'); }));
  return seen.filter((delivery) => delivery.subscription === subscription);
}
const described = async () => (await system.ports.warehouse.query<{ player_lookup: string }>({ name: 'spec/features', text: `SELECT stored.player_lookup FROM \`${features}\` AS stored WHERE stored.game_date = DATE '${date}' ORDER BY stored.player_lookup` })).map(({ player_lookup: player }) => player);
const attempts = async () => (await deliveries('reprocess-attempts--reprocess_attempt_log')).map(({ message }) => message.payload as unknown as ReprocessAttemptRow);

describe('a player whose team has too little history in the warehouse', () => {
  it.each`
    summarised | made
    ${10}      | ${['jaysontatum', 'paolobanchero']}
    ${7}       | ${['jaysontatum', 'paolobanchero']}
    ${6}       | ${['jaysontatum']}
    ${0}       | ${['jaysontatum']}
  `('of ten games, $summarised summarised: vectors of $made', async ({ summarised, made }: { summarised: number; made: readonly string[] }) => {
    if (summarised > 0) await summarise(summarised);
    await makeFeatures(1);
    expect(await described()).toEqual(made);
  });

  it('is an attempt that is told, and his game is announced with fewer rows than were asked for', async () => {
    await summarise(6);
    await deliveries('none');
    await makeFeatures(1);
    const all: Delivery[] = [];
    while (await system.bus.deliverNext((delivery) => { all.push(delivery); return Promise.resolve('ack'); }));
    expect(all.filter(({ subscription }) => subscription === 'reprocess-attempts--reprocess_attempt_log').map(({ message }) => message.payload)).toMatchObject([
      { processor_name: features, entity_id: 'paolobanchero', analysis_date: date, attempt_number: 1, completeness_pct: 60, skip_reason: 'history-incomplete', circuit_breaker_tripped: false },
    ]);
    const announced = all.find(({ subscription }) => subscription === 'phase4-precompute-complete--phase4-to-phase5')?.message.payload as unknown as OutputsCompleted;
    expect(announced.completions.filter(({ output }) => output === features).map(({ scope, rowCount, expectedRowCount }) => [scope, rowCount, expectedRowCount])).toEqual([[orlando, 0, 1], [boston, 1, 1]]);
  });

  it('is described by the first revision after his history has come, and the attempt is marked', async () => {
    await summarise(6);
    await makeFeatures(1);
    await summarise(10);
    await deliveries('none');
    clock.advance(minutes(1));
    await makeFeatures(2);
    expect(await described()).toEqual(['jaysontatum', 'paolobanchero']);
    expect((await attempts()).map((row) => [row.entity_id, row.attempt_number, row.notes])).toEqual([['paolobanchero', 1, 'nothing is lacking any more']]);
  });

  it('is described all the same when history is loaded: nothing is predicted of it', async () => {
    await summarise(6);
    await makeFeatures(1, 'history');
    expect(await described()).toEqual(['jaysontatum', 'paolobanchero']);
    expect(await attempts()).toEqual([]);
  });
});

describe('a later revision of the contexts that is made after tip-off', () => {
  const teams = async () => (await system.ports.warehouse.query<{ nba_game_id: string; revision: number }>({ name: 'spec/contexts', text: `SELECT stored.nba_game_id, MAX(stored.revision) AS revision FROM \`nba_analytics.upcoming_team_game_context\` AS stored WHERE stored.game_date = DATE '${date}' GROUP BY stored.nba_game_id ORDER BY stored.nba_game_id` })).map(({ nba_game_id: game, revision }) => `${game} r${revision}`);
  const describeGames = (revision: number) => process(triggered({ phase: 'phase3', runs: [runOf([orlando!, boston!], date, revision)] }));
  const tipOff = (game: OfficialGameId, at: string) => merge('nba_raw.nbac_schedule', [asLoaded(aGame({ ...(game === boston ? { game_id: boston, game_code: '20260115/NYKBOS', home_team_tricode: 'BOS', away_team_tricode: 'NYK' } : {}), game_status: 1, home_team_score: null, away_team_score: null, tip_at: parseInstant(at) }))]);

  it('leaves the games alone that have tipped off, and makes the others', async () => {
    await tipOff(orlando!, '2026-01-15T18:00:00Z');
    await tipOff(boston!, '2026-01-15T23:00:00Z');
    await describeGames(1);
    expect(await teams()).toEqual([`${orlando} r1`, `${boston} r1`]);
    clock.advance(hours(7));
    await deliveries('none');
    await describeGames(2);
    expect(await teams()).toEqual([`${orlando} r1`, `${boston} r2`]);
    clock.advance(hours(7));
    expect(await describeGames(3)).toMatchObject({ outcome: 'processed', facts: { rows: 0 } });
    expect(await teams()).toEqual([`${orlando} r1`, `${boston} r2`]);
  });
});

describe('processors that fail', () => {
  const unavailable = new PipelineError({ code: 'warehouse-unavailable', disposition: 'retry', message: 'away' });
  const failing = (error: Error): { warehouse: Ports['warehouse'] } => ({ warehouse: guarded(system.ports.warehouse, ['merge'], () => { throw error; }) });
  const trigger = () => triggered({ runs: [runOf([orlando!, boston!])] });

  it.each([unavailable, new TypeError('a bug')])('are called five times for a date with %s, not a sixth for 30 minutes, and then tried', async (error) => {
    for (let time = 0; time < 5; time += 1) await expect(process(trigger(), { over: failing(error) })).rejects.toBe(error);
    await expect(process(trigger())).rejects.toMatchObject({ code: 'breaker-open', disposition: 'defer', facts: { subject: 'phase4/pregame|2026-01-15' } });
    clock.advance(minutes(30));
    expect(await process(trigger())).toMatchObject({ outcome: 'processed' });
    expect((await system.notifier.incidents()).filter(({ cause }) => cause === 'breaker-open').map(({ subject, resolvedAt }) => [subject, resolvedAt === null])).toEqual([['processor phase4/pregame|2026-01-15', false]]);
  });

  it('for a fault of our own platform are called again whenever it is deferred to', async () => {
    const denied = new PipelineError({ code: 'warehouse-permission-denied', disposition: 'defer', message: 'no permission' });
    for (let time = 0; time < 7; time += 1) await expect(process(trigger(), { over: failing(denied) })).rejects.toBe(denied);
  });

  it('on one date hold up no other', async () => {
    for (let time = 0; time < 5; time += 1) await expect(process(trigger(), { over: failing(unavailable) })).rejects.toBe(unavailable);
    expect(await process(triggered({ runs: [runOf([], gameDate('2026-01-16'))] }))).toMatchObject({ outcome: 'processed' });
  });
});
