import { openTemporary } from '@handoff/composition/temporary';
import { after, before, days, FilesStored, gameDate, hashOf, isoInstant, minutes, OfficialGameId, parseInstant, type EpochMs } from '@handoff/contracts';
import { allGaps, writeGap } from '@handoff/gap-ledger';
import { guarded, type FlowContext } from '@handoff/ports';
import { projectSlates } from '@handoff/read-models';
import { retryQueue, type RetryDocument } from '@handoff/retry-queue';
import { aGame, aGap, anExpectedOutput, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gapKey } from '@handoff/ledger';
import { gapsThatLack, healGaps, planHealing, waiveGap } from './index.ts';

const date = gameDate('2026-01-24');
const [first, second] = [OfficialGameId.parse('0022500645'), OfficialGameId.parse('0022500646')];
const box = 'nba_raw.bdl_player_boxscores';
const dueAt = parseInstant('2026-01-25T11:30:00Z');

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(after(dueAt, minutes(30)));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [first, second].map((game) => asLoaded(aGame({ game_date: date, game_id: game, tip_at: parseInstant('2026-01-25T00:00:00Z') }))) });
  await projectSlates(system.ports, date);
  await writeGap(system.ports.state, aGap());
});
afterEach(() => system.close());

const context = (): FlowContext => ({ ports: system.ports, log: silentLog, correlationId: 'spec' });

const heal = (wait = minutes(0)) => {
  clock.advance(wait);
  return healGaps({ sport: 'nba' }, context());
};
const gaps = () => allGaps(system.ports.state);
const queued = async () => (await system.ports.state.query<RetryDocument>({ collection: retryQueue })).map(({ value }) => value.item);

it('a gap is healed through the retry queue: one try of the game that is missing, and not again while that is under way', async () => {
  expect(await heal()).toMatchObject({ outcome: 'acted', facts: { gaps: 1, repairs: 1 } });
  expect(await queued()).toMatchObject([{ status: 'pending', kind: 'scrape', retriesMax: 1, redo: { topic: 'scrape-requests', payload: { scraper: 'bdl_player_box_scores', gameDate: date, games: [first] } }, awaits: { gameDate: date, outputs: [box], games: [first] } }]);
  expect(await heal()).toMatchObject({ outcome: 'nothing-due' });
  expect(await heal(minutes(59))).toMatchObject({ outcome: 'nothing-due' });
  expect(await heal(minutes(1))).toMatchObject({ outcome: 'acted' });
  expect((await queued()).map(({ redo }) => redo.payload['scraper'])).toEqual(['bdl_player_box_scores', 'nbac_player_boxscore']);
});

it('what was loaded and is lost is loaded again from the answers that are stored, each as it was fetched', async () => {
  const path = 'ball-dont-lie/player-box-scores/2026-01-24/20260125T080000000Z-aaa.json';
  await system.ports.objects.put(path, new TextEncoder().encode('{}'), { contentType: 'application/json' });
  await system.ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: [anExpectedOutput({ game_date: date, scope: first, state: 'FAILED', reason: 'all-rows-lost', row_count: 20 })] });
  expect(await heal()).toMatchObject({ outcome: 'acted', facts: { gaps: 1, repairs: 1 } });
  const [item] = await queued();
  expect(item).toMatchObject({ kind: 'raw', redo: { topic: 'phase1-scrapers-complete' }, awaits: { outputs: [box], games: [first] } });
  expect(FilesStored.parse(item!.redo.payload)).toMatchObject({ gameDate: date, games: [first], reload: true, fetchedAt: parseInstant('2026-01-25T08:00:00Z'), files: [{ path, contentHash: hashOf('{}') }] });
});

it('a run that is done again after a crash before the gap was told asks for the same piece of work', async () => {
  const killed = guarded(system.ports.state, ['batch'], () => { throw new Error('killed'); });
  await expect(healGaps({ sport: 'nba' }, { ...context(), ports: { ...system.ports, state: killed } })).rejects.toThrow('killed');
  expect(await heal()).toMatchObject({ outcome: 'acted' });
  expect(await queued()).toHaveLength(1);
});

it('a plan that is only looked at changes nothing', async () => {
  const before = await gaps();
  const now: EpochMs = clock.now();
  expect((await planHealing(system.ports, now)).map(({ saying }) => saying)).toEqual([`scrape bdl_player_box_scores for ${first}`]);
  expect([await gaps(), await queued(), isoInstant(now)]).toEqual([before, [], isoInstant(clock.now())]);
});

it('an old gap is asked of nobody in the off season, but when people say so', async () => {
  await writeGap(system.ports.state, { ...aGap({ version: 2 }), openedAt: before(clock.now(), days(8)) });
  expect((await planHealing(system.ports, clock.now())).map(({ saying }) => saying)).toEqual(['stopped: off season']);
  expect((await planHealing(system.ports, clock.now(), { isRegardless: true })).map(({ saying }) => saying)).toEqual([`scrape bdl_player_box_scores for ${first}`]);
  await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(aGame({ game_date: gameDate('2026-01-27'), game_id: '0022500660', tip_at: parseInstant('2026-01-28T00:00:00Z') }))] });
  expect((await planHealing(system.ports, clock.now())).map(({ saying }) => saying)).toEqual([`scrape bdl_player_box_scores for ${first}`]);
});

it('what people accept is no gap any more, and not told of, although the order was cut off', async () => {
  const order = { output: box, scope: first, by: 'somebody', reason: 'no source has it' };
  const told = { cause: 'gap-open', subject: gapKey(aGap()) } as const;
  await system.ports.notifier.alert({ ...told, severity: 'critical', title: 'missing', facts: {}, at: clock.now() });
  const [gap] = await gapsThatLack(system.ports, order);
  const killed = guarded(system.ports.state, ['batch'], (_, call) => { if (JSON.stringify(call).includes('"waived"')) throw new Error('killed'); });
  await expect(waiveGap({ ...system.ports, state: killed }, gap!, order)).rejects.toThrow('killed');
  expect(await waiveGap(system.ports, gap!, order)).toMatchObject({ status: 'waived' });
  expect(await gapsThatLack(system.ports, order)).toEqual([]);
  expect((await system.notifier.incidents()).find(({ cause }) => cause === told.cause)?.resolvedAt).not.toBeNull();
  expect(await waiveGap(system.ports, gap!, order)).toBeUndefined();
});
