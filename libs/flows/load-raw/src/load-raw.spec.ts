import { EntityBreakers, listBreakers } from '@handoff/breakers';
import { CircuitBreakerConfig, tableNamed } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { after, gameDate, hashOf, hours, minutes, parseInstant, rowOfWire, type EpochMs, type FilesStored, type OutputsCompleted } from '@handoff/contracts';
import { guarded, type Delivery, type FlowContext, type Ports } from '@handoff/ports';
import { madeUpSeason, RecordedSource } from '@handoff/sources-recorded';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadRaw } from './load-raw.ts';

const season = madeUpSeason({ from: '2026-01-22', days: 4, players: 3 });
const [first, second] = season.games.filter(({ actualDate }) => actualDate === '2026-01-24').map(({ officialId }) => officialId);
const box = 'nba_raw.bdl_player_boxscores';

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;

beforeEach(async () => {
  // 06:00 ET of the day after: every game of 2026-01-24 is over.
  clock = new ManualClock(parseInstant('2026-01-25T11:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: new RecordedSource(season, clock) });
  await load(await stored('nba-com/schedule', await asked('/stats/scheduleleaguev2', { Season: '2025-26' })));
  await announced();
});
afterEach(() => system.close());

const context = (over: Partial<Ports> = {}): FlowContext => ({ ports: { ...system.ports, ...over }, log: silentLog, correlationId: 'spec' });
const asked = async (path: string, query: Readonly<Record<string, string>>): Promise<string> => new TextDecoder().decode((await system.ports.sources.fetch({ scraper: 'any', path, query })).body);
const boxScores = (query: Readonly<Record<string, string>> = {}): Promise<string> => asked('/v1/stats', { 'dates[]': '2026-01-24', per_page: '100', ...query });

/** Stores texts below a prefix, as a scrape would have, and answers its message. */
async function stored(prefix: string, ...texts: readonly string[]): Promise<FilesStored> {
  const files = texts.map((text) => ({ path: `${prefix}/2026-01-24/${hashOf(text).slice(0, 12)}.json`, contentHash: hashOf(text) }));
  for (const [index, { path }] of files.entries()) await system.ports.objects.put(path, new TextEncoder().encode(texts[index]), { contentType: 'application/json' });
  return { sport: 'nba', purpose: 'live', executionId: `run-${hashOf(texts.join()).slice(0, 6)}-${clock.now()}`, workflow: 'spec', gameDate: gameDate('2026-01-24'), untilDate: gameDate('2026-01-24'), files, fetchedAt: clock.now() };
}
const load = (message: FilesStored, over?: Partial<Ports>, config: Partial<CircuitBreakerConfig> = {}) => loadRaw(message, context(over), CircuitBreakerConfig.parse(config));
async function announced(): Promise<readonly OutputsCompleted[]> {
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries.filter(({ subscription }) => subscription === 'phase2-raw-complete--phase2-to-phase3').map(({ message }) => message.payload as unknown as OutputsCompleted);
}
/** The attempts at games that were told of: which, whether it was there, and when. */
async function attempts(): Promise<readonly unknown[]> {
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  const told = deliveries.filter(({ subscription }) => subscription === 'game-availability--game_availability_log').map(({ message }) => rowOfWire(tableNamed('nba_orchestration.game_availability_log'), message.payload));
  return told.map((row) => [row?.['nba_game_id'], row?.['was_available'], row?.['attempted_at']]);
}
const rows = () => system.ports.warehouse.query<{ nba_game_id: string; player_lookup: string; points: number }>({ name: 'spec/rows', text: `SELECT scores.nba_game_id, scores.player_lookup, scores.points FROM \`${box}\` AS scores WHERE scores.game_date = DATE '2026-01-24' ORDER BY scores.nba_game_id, scores.player_lookup` });
const open = async () => (await system.notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).map(({ cause }) => cause);

interface Page {
  readonly data: readonly { readonly game: { readonly id: number }; readonly player: { readonly id: number }; readonly pts: number }[];
  readonly meta: unknown;
}
const edited = (text: string, edit: (data: Page['data']) => Page['data']): string => {
  const page = JSON.parse(text) as Page;
  return JSON.stringify({ ...page, data: edit(page.data) });
};

describe('a box score file', () => {
  it('is loaded, and completes each of its games with what it holds', async () => {
    expect(await load(await stored('ball-dont-lie/player-box-scores', await boxScores()))).toMatchObject({ outcome: 'loaded', facts: { inserted: 12, missing: 0 } });
    const [message] = await announced();
    expect(message).toMatchObject({ phase: 'phase2', flow: 'postgame', sourceVersionAt: clock.now() });
    expect(message?.completions.map(({ output, scope, rowCount }) => ({ output, scope, rowCount }))).toEqual([first, second].map((scope) => ({ output: box, scope, rowCount: 6 })));
  });

  it('of identical content is not loaded again, whoever stored it, and asks the warehouse nothing', async () => {
    const text = await boxScores();
    await load(await stored('ball-dont-lie/player-box-scores', text));
    await announced();
    clock.advance(hours(4));
    const warehouse = guarded(system.ports.warehouse, ['query', 'merge', 'execute'], () => { throw new Error('the warehouse is asked'); });
    expect(await load(await stored('ball-dont-lie/player-box-scores', text), { warehouse })).toMatchObject({ outcome: 'identical-content' });
    expect(await announced()).toEqual([]);
  });

  it('of identical content is an attempt at each of its games all the same', async () => {
    const text = await boxScores();
    await load(await stored('ball-dont-lie/player-box-scores', text));
    await attempts();
    clock.advance(hours(4));
    await load(await stored('ball-dont-lie/player-box-scores', text));
    expect(await attempts()).toEqual([first, second].map((game) => [game, true, clock.now()]));
  });

  it('of identical content is loaded all the same where rows of it are missing', async () => {
    const message = await stored('ball-dont-lie/player-box-scores', await boxScores());
    await load(message);
    await system.ports.warehouse.execute({ name: 'spec/forget', text: `DELETE FROM \`${box}\` AS held WHERE held.game_date = DATE '2026-01-24' AND held.nba_game_id = @game` }, { game: { type: 'STRING', value: first! } });
    expect(await load({ ...message, executionId: 'again', reload: true })).toMatchObject({ outcome: 'loaded', facts: { inserted: 6, unchanged: 6 } });
  });

  describe('whose content changes and comes back', () => {
    const [t1, t2, t3] = [0, 10, 20].map((shift) => after(parseInstant('2026-01-25T11:00:00Z'), minutes(shift))) as [EpochMs, EpochMs, EpochMs];
    const right = () => boxScores();
    const wrong = async () => edited(await boxScores(), (data) => data.map((row, index) => (index === 0 ? { ...row, pts: row.pts + 2, ftm: (row as never as { ftm: number }).ftm + 2, fta: (row as never as { fta: number }).fta + 2 } : row)));
    const fetched = async (text: string, fetchedAt: EpochMs): Promise<FilesStored> => ({ ...(await stored('ball-dont-lie/player-box-scores', text)), fetchedAt, executionId: `run-${fetchedAt}` });
    const loadedAs = async (text: string, at: EpochMs) => (await load(await fetched(text, at))).outcome;

    it('is loaded and announced again: the content before it was wrong', async () => {
      await loadedAs(await right(), t1);
      const before = await rows();
      await loadedAs(await wrong(), t2);
      await announced();
      expect(await loadedAs(await right(), t3)).toBe('loaded');
      expect(await rows()).toEqual(before);
      expect(await announced()).toHaveLength(1);
    });

    it('holds against an answer that was fetched between the two and comes last', async () => {
      await loadedAs(await right(), t1);
      const before = await rows();
      expect(await loadedAs(await right(), t3)).toBe('identical-content');
      await announced();
      expect(await loadedAs(await wrong(), t2)).toBe('superseded');
      expect(await rows()).toEqual(before);
      expect(await announced()).toEqual([]);
    });

    it('is loaded again where the loading of the content between was cut off after its rows', async () => {
      await loadedAs(await right(), t1);
      const before = await rows();
      const cut = await fetched(await wrong(), t2);
      await expect(load(cut, { bus: { publish: () => Promise.reject(new Error('killed')) } })).rejects.toThrow('killed');
      expect(await loadedAs(await right(), t3)).toBe('loaded');
      expect((await load(cut)).outcome).toBe('superseded');
      expect(await rows()).toEqual(before);
    });
  });

  it('whose loading crashed before it was remembered is loaded again and announces the same', async () => {
    const message = await stored('ball-dont-lie/player-box-scores', await boxScores());
    await expect(load(message, { bus: { publish: () => Promise.reject(new Error('killed')) } })).rejects.toThrow('killed');
    expect(await load(message)).toMatchObject({ outcome: 'loaded', facts: { inserted: 0, unchanged: 12 } });
    expect(await announced()).toHaveLength(1);
  });

  it('that is newer replaces what it corrects and deletes players who vanished from a game that it lists', async () => {
    const text = await boxScores();
    await load(await stored('ball-dont-lie/player-box-scores', text));
    const [before] = await announced();
    const vanished = (JSON.parse(text) as Page).data[0]!;
    const corrected = edited(text, (data) => data.filter((row) => row !== data[0]).map((row, index) => (index === 0 ? { ...row, pts: row.pts + 2, ftm: (row as never as { ftm: number }).ftm + 2, fta: (row as never as { fta: number }).fta + 2 } : row)));
    clock.advance(hours(4));
    expect(await load(await stored('ball-dont-lie/player-box-scores', corrected))).toMatchObject({ outcome: 'loaded', facts: { inserted: 0, deleted: 1 } });
    expect(await rows()).toHaveLength(11);
    const [after] = await announced();
    const changed = after!.completions.filter(({ contentHash }, index) => contentHash !== before!.completions[index]?.contentHash);
    expect(changed).toHaveLength(1);
    expect(vanished.game.id).toBeGreaterThan(0);
  });

  it('about one game leaves the other as it is', async () => {
    const text = await boxScores();
    await load(await stored('ball-dont-lie/player-box-scores', text));
    const only = (JSON.parse(text) as Page).data[0]!.game.id;
    expect(await load(await stored('ball-dont-lie/player-box-scores', edited(text, (data) => data.filter(({ game }) => game.id === only))))).toMatchObject({ facts: { deleted: 0, unchanged: 6, missing: 1 } });
    expect(await rows()).toHaveLength(12);
  });

  it('in pages is read as one: a game across two pages keeps all its players, and an overlap counts once', async () => {
    const pages = [await boxScores({ per_page: '25' })].map((text) => JSON.parse(text) as Page)[0]!;
    const split = [pages.data.slice(0, 8), pages.data.slice(7)].map((data) => JSON.stringify({ ...pages, data }));
    expect(await load(await stored('ball-dont-lie/player-box-scores', ...split))).toMatchObject({ outcome: 'loaded', facts: { files: 2, inserted: 12 } });
    expect((await announced())[0]?.completions.map(({ rowCount }) => rowCount)).toEqual([6, 6]);
  });

  it('of which one page is known and one is new is read whole: the known page still speaks for its game', async () => {
    const page = JSON.parse(await boxScores()) as Page;
    const [one, two] = [page.data.slice(0, 9), page.data.slice(9)].map((data) => JSON.stringify({ ...page, data }));
    await load(await stored('ball-dont-lie/player-box-scores', one!));
    await announced();
    expect(await load(await stored('ball-dont-lie/player-box-scores', one!, two!))).toMatchObject({ outcome: 'loaded', facts: { inserted: 3, deleted: 0, unchanged: 9 } });
    expect((await announced())[0]?.completions.map(({ rowCount }) => rowCount)).toEqual([6, 6]);
  });
});

describe('what is not there', () => {
  const empty = JSON.stringify({ data: [], meta: { per_page: 100 } });

  it('no rows for games that are over is no_data: alerted, no completion, and a later good file loads', async () => {
    const message = await stored('ball-dont-lie/player-box-scores', empty);
    expect(await load(message)).toMatchObject({ outcome: 'no_data', facts: { missing: 2 } });
    expect(await announced()).toEqual([]);
    expect(await open()).toEqual(['no-rows-for-final-games']);
    expect(await load(message)).toMatchObject({ outcome: 'no_data' });
    expect(await load(await stored('ball-dont-lie/player-box-scores', await boxScores()))).toMatchObject({ outcome: 'loaded' });
    expect(await announced()).toHaveLength(1);
    expect(await open()).toEqual([]);
  });

  it('a file from before the games are late is empty without an alert', async () => {
    const message = { ...(await stored('ball-dont-lie/player-box-scores', empty)), fetchedAt: parseInstant('2026-01-25T02:00:00Z') };
    expect(await load(message)).toMatchObject({ outcome: 'no_data', facts: { missing: 0 } });
    expect(await open()).toEqual([]);
  });

  it('a game that an answer takes back to not started keeps the rows that it has, and is missed once it is late', async () => {
    const text = await boxScores();
    await load(await stored('ball-dont-lie/player-box-scores', text));
    await announced();
    const back = edited(text, (data) => data.map((row) => (row.game.id === data[0]!.game.id ? { ...row, game: { ...row.game, status: '7:00 pm ET' } } : row)));
    expect(await load(await stored('ball-dont-lie/player-box-scores', back))).toMatchObject({ outcome: 'loaded', facts: { deleted: 0, notStarted: 1, missing: 1 } });
    expect(await rows()).toHaveLength(12);
    expect(await open()).toEqual(['no-rows-for-final-games']);
  });

  it('a game that has not started is reported as that, and completes nothing', async () => {
    const page = edited(await boxScores(), (data) => data.map((row) => ({ ...row, min: '0', pts: 0, game: { ...row.game, status: '7:00 pm ET', period: 0, home_team_score: 0, visitor_team_score: 0 } })));
    expect(await load({ ...(await stored('ball-dont-lie/player-box-scores', page)), fetchedAt: parseInstant('2026-01-24T20:00:00Z') })).toMatchObject({ outcome: 'no_data', facts: { notStarted: 2 } });
    expect(await announced()).toEqual([]);
    expect(await rows()).toEqual([]);
  });
});

describe('what is refused', () => {
  it('a path under no prefix is rejected, whatever else is in the message', async () => {
    const good = await stored('ball-dont-lie/player-box-scores', await boxScores());
    const unknown = await stored('ball-dont-lie/box-scores-v2', '{}');
    await expect(load({ ...good, files: [...good.files, ...unknown.files] })).rejects.toMatchObject({ code: 'unknown-storage-path', disposition: 'reject', facts: { path: unknown.files[0]?.path } });
    expect(await rows()).toEqual([]);
  });

  it.each([['not JSON', '<html>'], ['another shape', '{"stats":[]}']])('%s is rejected as malformed and not remembered', async (_what, text) => {
    const message = await stored('ball-dont-lie/player-box-scores', text);
    for (let delivery = 1; delivery <= 2; delivery += 1) await expect(load(message)).rejects.toMatchObject({ code: 'payload-malformed', disposition: 'reject' });
  });

  it('a file of a scraper that loads nothing is acknowledged', async () => {
    expect(await load(await stored('odds-api/events', '[]'))).toMatchObject({ outcome: 'stored-only' });
  });
});

describe('a schedule', () => {
  const schedule = (): Promise<string> => asked('/stats/scheduleleaguev2', { Season: '2025-26' });

  it('completes the games of the date that was asked for, and again only by what planning needs', async () => {
    const text = await schedule();
    const tomorrow = { ...(await stored('nba-com/schedule', text)), gameDate: gameDate('2026-01-25'), untilDate: gameDate('2026-01-25') };
    await load(tomorrow);
    const [before] = await announced();
    expect(before?.completions.map(({ gameDate: date }) => date)).toEqual(['2026-01-25', '2026-01-25']);
    clock.advance(hours(36));
    await load({ ...(await stored('nba-com/schedule', await schedule())), gameDate: gameDate('2026-01-25'), untilDate: gameDate('2026-01-25') });
    const [after] = await announced();
    expect(after?.completions.map(({ contentHash }) => contentHash)).toEqual(before?.completions.map(({ contentHash }) => contentHash));
  });
});

it('a file that names a game of nobody says so, and the incident ends with the next good one', async () => {
  const text = await boxScores();
  const strange = edited(text, (data) => data.map((row) => ({ ...row, game: { ...row.game, date: '2026-01-23' } })));
  await load(await stored('ball-dont-lie/player-box-scores', strange));
  const causes = await open();
  clock.advance(minutes(10));
  await load(await stored('ball-dont-lie/player-box-scores', text));
  expect({ causes, after: await open() }).toEqual({ causes: expect.arrayContaining(['unresolved-identity']) as unknown, after: [] });
});

describe('players and teams against whom something counts', () => {
  const entities = () => new EntityBreakers(system.ports, CircuitBreakerConfig.parse({}));
  const lockedOut = async (): Promise<void> => {
    const [row] = await rows();
    const found = [row!.player_lookup, 'nobodyplayed'].map((entity) => ({ entity, completenessPct: 60, lacks: 'history-incomplete' }));
    for (let revision = 1; revision <= 5; revision += 1) await entities().judge({ processor: 'nba_predictions.ml_feature_store_v2', date: gameDate('2026-01-26'), runId: `r${revision}`, correlationId: 'spec' }, found);
    clock.advance(minutes(30));
  };
  const open_ = async () => (await listBreakers(system.ports.state)).map(({ subject, state }) => [subject.split('|')[0] === 'nobodyplayed', state]);
  const newer = async () => edited(await boxScores(), (data) => data.map((row, index) => (index === 0 ? { ...row, pts: row.pts + 2, ftm: (row as never as { ftm: number }).ftm + 2, fta: (row as never as { fta: number }).fta + 2 } : row)));

  beforeEach(async () => {
    await load(await stored('ball-dont-lie/player-box-scores', await boxScores()));
    await lockedOut();
  });

  it('are cleared when box scores of them arrive, with a note of which, and are counted; the others stay', async () => {
    expect(await load(await stored('ball-dont-lie/player-box-scores', await newer()))).toMatchObject({ outcome: 'loaded', facts: { breakersReset: 1 } });
    expect(await open_()).toEqual([[true, 'open'], [false, 'closed']]);
    expect((await listBreakers(system.ports.state))[1]?.note).toMatch(/^bdl_player_box_scores brought box scores of 2026-01-24 \(run-/);
  });

  it('stay locked out where the configuration says that data clears nothing', async () => {
    expect(await load(await stored('ball-dont-lie/player-box-scores', await newer()), {}, { auto_reset_on_data: false })).toMatchObject({ facts: { breakersReset: 0 } });
    expect((await open_()).every(([, state]) => state === 'open')).toBe(true);
  });
});
