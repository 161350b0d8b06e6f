import { breakerPolicies, CircuitBreakerConfig, conflictRechecks } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { after, FilesStored, gameDate, hashOf, hours, minutes, parseInstant, type OfficialGameId, type OutputsCompleted } from '@handoff/contracts';
import type { Delivery, FlowContext, FlowReport } from '@handoff/ports';
import { madeUpSeason, RecordedSource } from '@handoff/sources-recorded';
import { openConflicts, type ConflictDocument } from '@handoff/streaming-conflicts';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadRaw } from './load-raw.ts';

const table = 'nba_raw.bdl_player_boxscores';
const date = gameDate('2026-01-24');
const config = CircuitBreakerConfig.parse({});
let games: readonly OfficialGameId[] = [];

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
afterEach(() => system.close());

/** The morning after a date with this many games. */
async function open(gamesPerDay: number): Promise<void> {
  const season = madeUpSeason({ from: '2026-01-22', days: 4, players: 3, gamesPerDay });
  games = season.games.filter(({ actualDate }) => actualDate === date).map(({ officialId }) => officialId);
  clock = new ManualClock(parseInstant('2026-01-25T11:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: new RecordedSource(season, clock) });
  await load(await stored('nba-com/schedule', await asked('/stats/scheduleleaguev2', { Season: '2025-26' })));
  await delivered();
}

const asked = async (path: string, query: Readonly<Record<string, string>>): Promise<string> => new TextDecoder().decode((await system.ports.sources.fetch({ scraper: 'any', path, query })).body);
const boxScores = (): Promise<string> => asked('/v1/stats', { 'dates[]': date, per_page: '100' });
async function stored(prefix: string, text: string): Promise<FilesStored> {
  const path = `${prefix}/${date}/${hashOf(text).slice(0, 12)}.json`;
  await system.ports.objects.put(path, new TextEncoder().encode(text), { contentType: 'application/json' });
  return { sport: 'nba', purpose: 'live', executionId: `run-${clock.now()}`, workflow: 'spec', gameDate: date, untilDate: date, files: [{ path, contentHash: hashOf(text) }], fetchedAt: clock.now() };
}
const load = (message: FilesStored): Promise<FlowReport> => {
  const context: FlowContext = { ports: system.ports, log: silentLog, correlationId: 'spec' };
  return loadRaw(message, context, config);
};
/** The messages that were published, each once, and what has become due among them. */
async function delivered(): Promise<readonly Delivery[]> {
  await system.ports.delays.deliverDue(clock.now(), 100);
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries;
}
/** Lets time pass in steps of a minute, and makes the looks that become due meanwhile. */
async function live(span: number): Promise<readonly FlowReport[]> {
  const reports: FlowReport[] = [];
  for (let minute = 0; minute < span; minute += 1) {
    clock.advance(minutes(1));
    for (const { subscription, message } of await delivered()) if (subscription === 'phase1-scrapers-complete--phase2-raw') reports.push(await load(FilesStored.parse(message.payload)));
  }
  return reports;
}
/** Another writer streams rows of games with other points. */
async function stream(which: readonly string[]): Promise<void> {
  const rows = await system.ports.warehouse.query({ name: 'spec/rows', text: `SELECT scores.* FROM \`${table}\` AS scores WHERE scores.game_date = DATE '${date}'` });
  const template = rows.length > 0 ? rows : templates;
  await system.warehouse.streamInsert(table, template.filter((row) => which.some((game) => game === row['nba_game_id'])).map((row) => ({ ...row, points: 99, data_hash: hashOf('streamed') })));
}
let templates: readonly Record<string, unknown>[] = [];
/** Rows as another writer would have them, where the table has none yet. */
async function prepare(): Promise<void> {
  await load(await stored('ball-dont-lie/player-box-scores', await boxScores()));
  await delivered();
  templates = await system.ports.warehouse.query({ name: 'spec/rows', text: `SELECT scores.* FROM \`${table}\` AS scores WHERE scores.game_date = DATE '${date}'` });
  await system.ports.warehouse.execute({ name: 'spec/clear', text: `DELETE FROM \`${table}\` AS scores WHERE scores.game_date = DATE '${date}'` });
  clock.advance(hours(1));
}
const gamesWritten = async () => new Set((await system.ports.warehouse.query<{ nba_game_id: string; points: number }>({ name: 'spec/points', text: `SELECT scores.nba_game_id, scores.points FROM \`${table}\` AS scores WHERE scores.game_date = DATE '${date}'` })).filter(({ points }) => points !== 99).map((row) => row.nba_game_id));
const copies = async () => (await system.ports.warehouse.query<{ copies: number }>({ name: 'spec/copies', text: `SELECT scores.nba_game_id, scores.player_lookup, COUNT(*) AS copies FROM \`${table}\` AS scores WHERE scores.game_date = DATE '${date}' GROUP BY scores.nba_game_id, scores.player_lookup` })).filter((row) => row.copies > 1);
const completedOf = (deliveries: readonly Delivery[]) => deliveries.filter(({ subscription }) => subscription === 'phase2-raw-complete--phase2-to-phase3').flatMap(({ message }) => (message.payload as unknown as OutputsCompleted).completions.map(({ scope }) => scope));
const incidents = async () => (await system.notifier.incidents()).filter(({ cause }) => cause !== 'no-rows-for-final-games').map(({ cause, subject, count, resolvedAt }) => ({ cause, subject, count, isOpen: resolvedAt === null }));
const fresh = async (): Promise<FilesStored> => stored('ball-dont-lie/player-box-scores', `${await boxScores()} `);

describe('a file of eight games, three of which somebody is streaming', () => {
  beforeEach(() => open(8));

  it('is written for five at once, for two when they have left the buffer, and for the third when its writer stops; nothing stands twice at any time', async () => {
    await prepare();
    const [one = '', two = '', never = ''] = games;
    await stream([one, two, never]);
    clock.advance(minutes(18));
    expect(await load(await fresh())).toMatchObject({ outcome: 'loaded', facts: { conflicts: 3 } });
    expect(await gamesWritten()).toEqual(new Set(games.slice(3)));
    expect(new Set(completedOf(await delivered()))).toEqual(new Set(games.slice(3)));
    const looks: FlowReport[] = [];
    for (let round = 0; round < 4; round += 1) {
      // The third game's writer never rests.
      if (round < 3) await system.warehouse.streamInsert(table, [{ ...templates.find((row) => row['nba_game_id'] === never), points: 99, player_lookup: `guest${round}`, data_hash: hashOf('streamed') }]);
      looks.push(...(await live(10)));
      expect(await copies()).toEqual([]);
    }
    expect(looks.map(({ facts }) => facts?.['conflicts'])).toEqual([3, 1, 1]);
    expect(await gamesWritten()).toEqual(new Set(games.filter((game) => game !== never)));
    expect(await incidents()).toEqual([{ cause: 'streaming-conflict-unresolved', subject: `${table} ${never}`, count: 1, isOpen: true }]);
    expect(await openConflicts(system.ports.state)).toMatchObject([{ game: never, retryCount: conflictRechecks.length, isLeft: true }]);
    await live(90);
    expect(await gamesWritten()).toEqual(new Set(games));
    expect([await copies(), await openConflicts(system.ports.state), await incidents()]).toEqual([[], [], [{ cause: 'streaming-conflict-unresolved', subject: `${table} ${never}`, count: 1, isOpen: false }]]);
  });

  it('can be forced: what is not there is inserted, what was streamed stays, and the keys are counted', async () => {
    await prepare();
    const [game = ''] = games;
    const [streamed] = templates.filter((row) => row['nba_game_id'] === game);
    await system.warehouse.streamInsert(table, [{ ...streamed, points: 99, data_hash: hashOf('streamed') }]);
    const message = await fresh();
    await load(message);
    expect(await load(FilesStored.parse({ ...message, recheck: { games: [game], attempt: 1, force: { reason: 'needed tonight' } } }))).toMatchObject({ outcome: 'loaded', facts: { updated: 0, deleted: 0, conflicts: 0 } });
    expect(await copies()).toEqual([]);
    expect(await openConflicts(system.ports.state)).toEqual([]);
    expect((await system.ports.state.query<ConflictDocument>({ collection: 'streaming_conflicts' })).map(({ value }) => [value.method, value.details['reason']])).toEqual([['force_mode', 'needed tonight']]);
    const rows = await system.ports.warehouse.query<{ points: number }>({ name: 'spec/game', text: `SELECT scores.points FROM \`${table}\` AS scores WHERE scores.game_date = DATE '${date}' AND scores.nba_game_id = '${game}'` });
    expect([rows.length, rows.filter(({ points }) => points === 99).length]).toEqual([templates.filter((row) => row['nba_game_id'] === game).length, 1]);
  });

  it('that is forced onto doubled keys is refused, naming them', async () => {
    await prepare();
    const [game = ''] = games;
    const row = templates.find((one) => one['nba_game_id'] === game);
    for (let time = 0; time < 2; time += 1) await system.warehouse.streamInsert(table, [{ ...row, points: 99 }]);
    const message = await fresh();
    await expect(load(FilesStored.parse({ ...message, recheck: { games: [game], attempt: 1, force: { reason: 'needed tonight' } } }))).rejects.toMatchObject({ code: 'keys-doubled', disposition: 'reject' });
  });
});

describe('the breaker of the write path', () => {
  beforeEach(() => open(12));

  const conflicting = async (count: number): Promise<void> => {
    await prepare();
    await stream(games.slice(0, count));
  };
  const path = { cause: 'breaker-open', subject: `write-path ${table}` };

  it.each([[3, false], [6, false], [7, true]])('%i of 12 games in conflict open it: %s', async (count, opens) => {
    await conflicting(count);
    await load(await fresh());
    expect((await incidents()).map(({ cause, subject }) => ({ cause, subject }))).toEqual(opens ? [path] : []);
  });

  it('keeps whole files waiting until its end, then lets one through and closes on it', async () => {
    await conflicting(7);
    await load(await fresh());
    const openFor = breakerPolicies(config)['write-path'].openFor;
    const until = after(clock.now(), openFor);
    clock.advance(minutes(1));
    const later = await fresh();
    await expect(load(later)).rejects.toMatchObject({ code: 'breaker-open', disposition: 'defer', until });
    clock.advance(openFor);
    expect(await load({ ...later, executionId: 'later' })).toMatchObject({ outcome: 'loaded', facts: { conflicts: 0 } });
    expect(await incidents()).toMatchObject([{ ...path, isOpen: false }]);
  });
});
