import { summariseTeamOffense } from '@handoff/analytics';
import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, hours, parseInstant, type GameDate, type PhaseTriggered } from '@handoff/contracts';
import type { FlowContext } from '@handoff/ports';
import { projectSlates } from '@handoff/read-models';
import { aBoxScore, aGame, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishExports } from './publish-exports.ts';

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;

beforeEach(async () => {
  clock = new ManualClock(parseInstant('2026-01-26T12:00:00Z'));
  const sources = { fetch: () => Promise.reject(new RangeError('nothing is fetched here')) };
  system = await openTemporary({ clock, log: silentLog, sources });
});
afterEach(() => system.close());

const context = (): FlowContext => ({ ports: system.ports, log: silentLog, correlationId: 'spec' });

function trigger(date: GameDate, flow: 'pregame' | 'postgame', revision = 1): PhaseTriggered {
  const releaseId = `nba_${date}_${flow}_phase6-publish_r${revision}`;
  const run = { gameDate: date, revision, releaseId, games: [], isDegraded: false, missing: [], upgrades: false, sourceVersionAt: clock.now() };
  return { sport: 'nba', purpose: 'live', triggerId: releaseId, phase: 'phase6-publish', flow, runs: [run] };
}

const read = async (path: string): Promise<Record<string, unknown>> => JSON.parse(new TextDecoder().decode(await system.ports.objects.get(`publications/v1/${path}`))) as Record<string, unknown>;
const published = async (): Promise<readonly string[]> => (await system.ports.objects.list('publications/v1/')).map(({ path }) => path.slice('publications/v1/'.length));

const [the24th, the25th] = [gameDate('2026-01-24'), gameDate('2026-01-25')];

describe('publishing', () => {
  it('writes the files of its flow and no others, and notes each', async () => {
    await publishExports(trigger(the24th, 'pregame'), context());
    const files = ['predictions/2026-01-24.json', 'predictions/today.json', 'status.json', 'tonight/all-players.json'];
    expect(await published()).toEqual(files);
    const noted = await system.ports.warehouse.query<{ object_path: string }>({ name: 'spec', text: 'SELECT notes.object_path FROM `nba_orchestration.publications` AS notes ORDER BY notes.object_path' });
    expect(noted.map((row) => row.object_path)).toEqual(files.map((file) => `publications/v1/${file}`));
  });

  it('writes the same bytes when the same data is published again later', async () => {
    await publishExports(trigger(the24th, 'postgame'), context());
    const before = await read('results/2026-01-24.json');
    clock.advance(hours(1));
    await publishExports(trigger(the24th, 'postgame', 2), context());
    expect(await read('results/2026-01-24.json')).toEqual(before);
  });

  it('tells the score of a game that is summed up before the schedule calls it final', async () => {
    await system.ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(aGame({ game_date: the24th, game_status: 2, home_team_score: 60, away_team_score: 50 }))] });
    await projectSlates(system.ports, the24th);
    await publishExports(trigger(the24th, 'postgame'), context());
    expect(await read('results/2026-01-24.json')).toMatchObject({ games: [{ status: 'live', homeScore: 60 }] });
    const { home_team_tricode: home, away_team_tricode: away, game_id: game } = aGame();
    const boxes = [[home, 118], [away, 111]] as const;
    const rows = summariseTeamOffense({ primary: { output: 'spec', rows: boxes.map(([team, points]) => aBoxScore({ game_date: the24th, nba_game_id: game, team_abbr: team, player_lookup: team, points })) }, alternatives: [], games: [aGame({ game_date: the24th, game_status: 2 })] });
    await system.ports.warehouse.merge({ table: 'nba_analytics.team_offense_game_summary', rows: rows.map((row) => ({ ...row, data_hash: 'h', run_id: 'r', revision: 1, is_degraded: false, processed_at: clock.now() })) });
    await publishExports(trigger(the24th, 'postgame', 2), context());
    expect(await read('results/2026-01-24.json')).toMatchObject({ games: [{ status: 'final', homeScore: 118, awayScore: 111 }] });
  });

  it('does not take readers back when an older slate is graded late', async () => {
    await publishExports(trigger(the25th, 'postgame'), context());
    await publishExports(trigger(the24th, 'postgame'), context());
    expect(await read('results/2026-01-24.json')).toMatchObject({ gameDate: the24th });
    expect(await read('results/latest.json')).toMatchObject({ gameDate: the25th });
    expect(await read('systems/performance.json')).toMatchObject({ throughDate: the25th });
  });

  describe('by an earlier revision that comes late', () => {
    const notes = async () => (await system.ports.warehouse.query<{ revision: number }>({ name: 'spec', text: 'SELECT notes.revision FROM `nba_orchestration.publications` AS notes' })).map((row) => row.revision);
    const completed = async (): Promise<readonly string[]> => {
      const keys: string[] = [];
      while (await system.bus.deliverNext(({ message }) => { keys.push(message.key); return Promise.resolve('ack'); }));
      return [...new Set(keys)];
    };

    it('leaves files and notes as they are, and completes nothing', async () => {
      await publishExports(trigger(the24th, 'pregame', 2), context());
      await completed();
      expect(await publishExports(trigger(the24th, 'pregame', 1), context())).toMatchObject({ facts: { files: 0, superseded: 3 } });
      expect(await read('status.json')).toMatchObject({ revision: 2 });
      expect(await notes()).toEqual([2, 2, 2, 2]);
      expect(await completed()).toEqual([]);
    });

    it('puts the later one’s files right when that published while it did', async () => {
      const { objects } = system.ports;
      let isFirst = true;
      const put: typeof objects.put = async (path, ...rest) => {
        if (isFirst && path.endsWith('status.json')) {
          isFirst = false;
          await publishExports(trigger(the24th, 'pregame', 2), context());
        }
        await objects.put(path, ...rest);
      };
      const slow = { get: objects.get.bind(objects), list: objects.list.bind(objects), delete: objects.delete.bind(objects), put };
      await publishExports(trigger(the24th, 'pregame', 1), { ...context(), ports: { ...system.ports, objects: slow } });
      expect(await read('status.json')).toMatchObject({ revision: 2 });
      expect(await notes()).toEqual([2, 2, 2, 2]);
    });
  });
});
