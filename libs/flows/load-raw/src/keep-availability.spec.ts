import { boxScoreScrapers, tableNamed } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { after, gameDate, hashOf, minutes, OfficialGameId, parseInstant, PipelineError, rowOfWire, Tricode, type EpochMs, type FilesStored, type GameAvailabilityRow } from '@handoff/contracts';
import type { Delivery, FlowContext, Ports } from '@handoff/ports';
import { publishPendingHistory } from '@handoff/outbox';
import type { SlateGame } from '@handoff/slate';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepAvailability } from './keep-availability.ts';

const date = gameDate('2026-01-24');
const [early, late] = ['0022500601', '0022500602'].map((id) => OfficialGameId.parse(id)) as [OfficialGameId, OfficialGameId];
const earlyTip = parseInstant('2026-01-25T00:00:00Z');
const lateTip = parseInstant('2026-01-25T03:30:00Z');
const table = 'nba_orchestration.game_availability_log';
const [bdl] = boxScoreScrapers;

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-25T05:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
});
afterEach(() => system.close());

const game = (officialId: OfficialGameId, home: string, tipAt: EpochMs, status: SlateGame['status'] = 'live'): SlateGame => ({ officialId, gameDate: date, home: Tricode.parse(home), away: Tricode.parse('MEM'), tipAt, status, homeScore: null, awayScore: null, movedIn: false });
const slate = [game(early, 'ORL', earlyTip, 'final'), game(late, 'LAL', lateTip)];

async function keep(players: Readonly<Record<string, number>>, { at = clock.now(), games = slate, over = {}, bus = system.ports.bus }: { readonly at?: EpochMs; readonly games?: readonly SlateGame[]; readonly over?: Partial<FilesStored>; readonly bus?: Ports['bus'] } = {}): Promise<void> {
  const message: FilesStored = { sport: 'nba', purpose: 'live', executionId: `run-${at}`, workflow: 'post_game_window_1', gameDate: date, untilDate: date, files: [{ path: 'a.json', contentHash: hashOf('a') }], fetchedAt: at, ...over };
  const rows = Object.entries(players).flatMap(([id, count]) => Array.from({ length: count }, (_, index) => ({ nba_game_id: id, game_date: date, player_lookup: `player${index}` })));
  const context: FlowContext = { ports: { ...system.ports, bus }, log: silentLog, correlationId: 'spec' };
  await keepAvailability({ scraper: bdl!, message, reading: { rows, notStarted: [], unresolved: [], ignored: {} }, slates: new Map([[date, games]]) }, context);
}
async function told(): Promise<readonly GameAvailabilityRow[]> {
  const seen: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { seen.push(delivery); return Promise.resolve('ack'); }));
  return seen.filter(({ subscription }) => subscription === 'game-availability--game_availability_log').map(({ message }) => rowOfWire(tableNamed(table), message.payload) as GameAvailabilityRow);
}

it('is a row for each game that has begun, with who was there and how long after the end', async () => {
  await keep({ [early]: 24 });
  expect(await told()).toMatchObject([
    { nba_game_id: early, was_available: true, player_count: 24, data_status: 'available', was_expected: true, estimated_end_time: after(earlyTip, minutes(150)), latency_minutes: 150, is_west_coast: false, is_late_game: false },
    { nba_game_id: late, was_available: false, player_count: 0, data_status: 'absent', was_expected: false, latency_minutes: null, is_west_coast: true, is_late_game: true },
  ]);
});

it.each([
  ['before tip-off', { at: after(earlyTip, minutes(-1)) }],
  ['postponed', { games: [game(early, 'ORL', earlyTip, 'postponed')] }],
  ['loaded as history', { over: { purpose: 'history' as const } }],
  ['loaded again from what is stored', { over: { reload: true as const, games: [early] } }],
  ['looked at again for a conflict', { over: { recheck: { games: [early], attempt: 1 } } }],
])('is none of a game %s', async (_, asked) => {
  await keep({}, asked);
  expect(await told()).toEqual([]);
});

it('is of the games alone that an answer is limited to', async () => {
  await keep({ [late]: 21 }, { over: { games: [late] } });
  expect(await told()).toMatchObject([{ nba_game_id: late, was_available: true, player_count: 21 }]);
});

it('waits in the outbox while the bus does not take it, and holds up nothing', async () => {
  const refused = new PipelineError({ code: 'bus-topic-missing', disposition: 'defer', message: 'no topic' });
  await keep({ [early]: 24 }, { bus: { publish: () => Promise.reject(refused) } });
  expect(await told()).toEqual([]);
  expect(await publishPendingHistory(system.ports, 10)).toBe(2);
  expect(await told()).toHaveLength(2);
});

it('counts attempts, each once however often it is told, and is shown to the owner\'s questions', async () => {
  await keep({});
  await keep({});
  clock.advance(minutes(60));
  await keep({ [early]: 20, [late]: 22 });
  const rows = await told();
  await system.warehouse.streamInsert(table, [...rows, ...rows]);
  const shown = await system.ports.warehouse.query({ name: 'spec/attempts', text: 'SELECT tried.nba_game_id, tried.attempt_number, tried.was_available FROM `nba_orchestration.bdl_game_scrape_attempts` AS tried WHERE tried.game_date = @date ORDER BY tried.nba_game_id, tried.attempt_number' }, { date: { type: 'DATE', value: date } });
  expect(shown).toEqual([
    { nba_game_id: early, attempt_number: 1, was_available: false }, { nba_game_id: early, attempt_number: 2, was_available: true },
    { nba_game_id: late, attempt_number: 1, was_available: false }, { nba_game_id: late, attempt_number: 2, was_available: true },
  ]);
  const arrived = await system.ports.warehouse.query({ name: 'spec/arrival', text: 'SELECT arrival.game_id, arrival.latency_minutes FROM `nba_orchestration.scraper_data_arrival` AS arrival WHERE arrival.was_available AND arrival.game_date = @date ORDER BY arrival.game_id' }, { date: { type: 'DATE', value: date } });
  expect(arrived).toEqual([{ game_id: early, latency_minutes: 210 }, { game_id: late, latency_minutes: 0 }]);
});
