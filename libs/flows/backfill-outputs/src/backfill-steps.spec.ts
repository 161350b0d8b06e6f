import { outputNamed } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, minutes, OfficialGameId, parseInstant, type FilesStored } from '@handoff/contracts';
import { aBoxScore, aGame, anExpectedOutput, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planBackfill, type BackfillRequest } from './backfill-outputs.ts';
import { loadStored, scrapeAgain, startAgain, type BackfillOrder } from './backfill-steps.ts';
import type { BackfillPiece } from './plan-backfill.ts';

const date = gameDate('2026-01-24');
const game = OfficialGameId.parse('0022500645');
const now = parseInstant('2026-01-25T17:00:00Z');
const order: BackfillOrder = { sport: 'nba', orderId: 'order', reason: 'spec', now };
const piece = (output: string, over: Partial<BackfillPiece> = {}): BackfillPiece => ({ output: outputNamed(output)!, gameDate: date, scope: game, purpose: 'live', verdict: { does: 'make', reason: 'missing' }, ...over });
const box = 'nba_raw.bdl_player_boxscores';

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(now);
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
});
afterEach(() => system.close());

describe('what is stored', () => {
  const store = (...paths: readonly string[]) => Promise.all(paths.map((path) => system.ports.objects.put(path, new TextEncoder().encode(path), { contentType: 'text/plain' })));
  const loadings = async (pieces: readonly BackfillPiece[]) => (await loadStored(pieces, order, system.ports.objects)).flatMap(({ entries }) => entries.map(({ message }) => message.payload as FilesStored));

  it('is loaded again from the newest answer of each source, pages too', async () => {
    const older = 'espn/boxscores/2026-01-24/1/20260125T060000000Z-aaa.html';
    const newest = ['espn/boxscores/2026-01-24/1/20260125T070000000Z-bbb.html', 'espn/boxscores/2026-01-24/2/20260125T070000000Z-ccc.html'];
    await store(older, ...newest, 'ball-dont-lie/player-box-scores/2026-01-24/20260125T080000000Z-ddd.json');
    const found = await loadings([piece(box)]);
    expect(found.map(({ files, fetchedAt, games }) => [files.map(({ path }) => path), fetchedAt, games])).toEqual([
      [['ball-dont-lie/player-box-scores/2026-01-24/20260125T080000000Z-ddd.json'], parseInstant('2026-01-25T08:00:00Z'), [game]],
      [newest, parseInstant('2026-01-25T07:00:00Z'), [game]],
    ]);
  });

  it('is loaded again for a whole slate, although the same was loaded before', async () => {
    await store('ball-dont-lie/injuries/2026-01-24/20260124T150000000Z-aaa.json');
    const [loading] = await loadings([piece('nba_raw.bdl_injuries', { scope: 'slate' })]);
    expect(loading).toMatchObject({ reload: true, purpose: 'live' });
    expect(loading).not.toHaveProperty('games');
  });

  it('of a history is loaded as history', async () => {
    await store('ball-dont-lie/player-box-scores/2026-01-24/20260125T080000000Z-ddd.json');
    expect(await loadings([piece(box, { purpose: 'history' })])).toMatchObject([{ purpose: 'history' }]);
  });
});

it.each(['live', 'history', 'repair'] as const)('what is asked for again and what a phase makes again is %s where its piece is', (purpose) => {
  const asked = scrapeAgain([piece(box, { purpose })], order).flatMap(({ entries }) => entries.map(({ message }) => message.payload['purpose']));
  expect(new Set(asked)).toEqual(new Set([purpose === 'history' ? 'history' : 'live']));
  expect(startAgain([piece('nba_analytics.player_game_summary', { purpose })], order)).toMatchObject([{ entries: [{ message: { payload: { purpose } } }] }]);
});

describe('a date', () => {
  const request: BackfillRequest = { sport: 'nba', target: box, from: date, until: date, games: [], forceReason: undefined };
  const purposes = async () => (await planBackfill(system.ports, request)).map(({ purpose }) => purpose);
  const expectOf = (of: string, output: string) => system.ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: [anExpectedOutput({ game_date: of, output })] });
  beforeEach(() => system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(aGame({ game_date: date, game_id: game, tip_at: parseInstant('2026-01-25T00:00:00Z') }))] }));

  it('is made as history where the ledger expects no more of it, and live from the first that was lived through', async () => {
    await expectOf(date, box);
    await expectOf('2026-01-25', 'nba_predictions.prediction_accuracy');
    expect(await purposes()).toEqual(['history']);
    await expectOf('2026-01-23', 'nba_predictions.prediction_accuracy');
    expect(await purposes()).toEqual(['live']);
  });

  it.each([[box, box], ['nba_analytics.player_game_summary', box], ['nba_analytics.player_game_summary', 'nba_raw.nbac_player_boxscores']])('is refused for %s while %s has streamed rows that nobody has noted, until they have left the buffer', async (target, streamedInto) => {
    const refusals = async () => (await planBackfill(system.ports, { ...request, target, forceReason: 'spec' })).map(({ verdict }) => verdict);
    const player = (lookup: string) => asLoaded(aBoxScore({ game_date: date, nba_game_id: game, player_lookup: lookup }));
    await system.ports.warehouse.merge({ table: box, rows: [player('ann')] });
    expect(await refusals()).toEqual([{ does: 'make', reason: 'forced' }]);
    clock.advance(minutes(5));
    await system.warehouse.streamInsert(streamedInto, [player('bob')]);
    clock.advance(minutes(5));
    expect(await refusals()).toEqual([{ does: 'skip', reason: 'streaming-buffer', until: '2026-01-25T17:35:00.000Z' }]);
    clock.advance(minutes(25));
    expect(await refusals()).toEqual([{ does: 'make', reason: 'forced' }]);
  });

  it('of which rows were lost is made again, until as many are there', async () => {
    const players = (count: number) => system.ports.warehouse.merge({ table: box, rows: Array.from({ length: count }, (_, index) => asLoaded(aBoxScore({ game_date: date, nba_game_id: game, player_lookup: `player${index}` }))) });
    const verdicts = async () => (await planBackfill(system.ports, request)).map(({ verdict: { reason } }) => reason);
    await system.ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: [anExpectedOutput({ game_date: date, scope: game, state: 'FAILED', reason: 'rows-lost', row_count: 3 })] });
    await players(2);
    expect(await verdicts()).toEqual(['part']);
    await players(3);
    expect(await verdicts()).toEqual(['present']);
  });
});
