import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gameDate, parseInstant } from '@handoff/contracts';
import { aBoxScore, aGame, asLoaded } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliWorld } from './cli-world.ts';

const date = gameDate('2026-01-24');
const tipAt = parseInstant('2026-01-25T00:00:00Z');
let world: CliWorld;
beforeEach(() => { world = new CliWorld(parseInstant('2026-01-25T17:00:00Z')); });
afterEach(() => { world.remove(); });

const games = ['0022500601', '0022500602'];
const day = (present: readonly string[]) => world.act(async ({ warehouse }) => {
  await warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: games.map((game, index) => asLoaded({ ...aGame({ game_date: date, game_id: game, tip_at: tipAt }), home_team_tricode: index === 0 ? 'ORL' : 'BOS', away_team_tricode: index === 0 ? 'MEM' : 'LAL' })) });
  if (present.length > 0) await warehouse.merge({ table: 'nba_raw.bdl_player_boxscores', rows: present.map((game) => asLoaded(aBoxScore({ game_date: date, nba_game_id: game, team_abbr: 'XXX' }))) });
});
const reconcile = (...args: readonly string[]) => world.run('reconcile', ...args);

it('a date without games is fine', async () => {
  await world.act(() => Promise.resolve());
  expect(await reconcile()).toMatchObject({ code: 0, answer: { schema: 'handoff.reconciliation/1', gameDate: '2026-01-24', status: 'no-games', boundaries: [] } });
});

it('yesterday is looked at when no date is given; what is whole is fine', async () => {
  await day(games);
  expect(await reconcile()).toMatchObject({ code: 0, answer: { gameDate: date, status: 'ok', boundaries: [{ boundary: 'schedule-to-box-scores', expected: 2, present: 2, coveragePct: 100 }, {}, {}, {}, {}] } });
});

it('a hole is an error; it is named with --detailed only', async () => {
  await day(['0022500601']);
  const short = await reconcile('--date', date);
  expect(short).toMatchObject({ code: 2, answer: { status: 'error', boundaries: [{ coveragePct: 50, gamesIncomplete: 1, severity: 'error' }, {}, {}, {}, {}] } });
  expect(JSON.stringify(short.answer)).not.toContain('"0022500602"');
  expect(await reconcile('--date', date, '--detailed')).toMatchObject({ code: 2, answer: { boundaries: [{ incomplete: [{ game: '0022500602', missing: ['0022500602'] }] }, {}, {}, {}, {}] } });
});

it('tells people with --alert, and nobody without', async () => {
  await day([]);
  const told: string[] = [];
  const incidents = () => world.act(async (ports) => { told.push(...(await (ports.notifier as unknown as { incidents(): Promise<readonly { cause: string }[]> }).incidents()).map(({ cause }) => cause)); });
  await reconcile();
  await incidents();
  expect(told).toEqual([]);
  await reconcile('--alert');
  await incidents();
  expect(told).toEqual(['phase-boundary-incomplete']);
});

it('what could not be read ends with 3, never as whole', async () => {
  await day(games);
  writeFileSync(join(world.folder, 'warehouse.duckdb'), 'no database');
  const { code, answer, told } = await reconcile('--date', date);
  expect([code, answer]).toEqual([3, undefined]);
  expect(told).toContain('could not check');
});

it.each([['health'], ['workflow-health'], ['trace', '--game', '0022500601']])('%s ends with 3 as well where the warehouse cannot be read, though nothing critical was found', async (...command) => {
  await day(games);
  writeFileSync(join(world.folder, 'warehouse.duckdb'), 'no database');
  expect(await world.run(...command)).toMatchObject({ code: 3, answer: undefined, told: expect.stringContaining('could not check') as string });
});

it('what is no date is a usage error', async () => {
  await day(games);
  expect((await reconcile('--date', 'yesterday')).code).toBe(64);
});
