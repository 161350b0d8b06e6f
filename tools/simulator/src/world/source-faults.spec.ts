import { after, before, hours, minutes, type EpochMs } from '@handoff/contracts';
import { FaultPlan, type Fault } from '@handoff/faults';
import type { SourceRequest } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { finalAt, madeUpSeason } from '@handoff/sources-recorded';
import { describe, expect, it } from 'vitest';
import { simulatedSources } from './source-faults.ts';

const season = madeUpSeason({ from: '2025-11-03', days: 3, players: 6 });
const [game, other] = season.games.filter(({ actualDate }) => actualDate === '2025-11-04');
if (game === undefined || other === undefined) throw new RangeError('the season has no two games on that date');
const morning: EpochMs = after(finalAt(other), hours(8));
const boxScores: SourceRequest = { scraper: 'bdl_player_box_scores', path: '/v1/stats', query: { start_date: '2025-11-04', end_date: '2025-11-04', per_page: '100' } };
const target = 'source:bdl_player_box_scores';

interface Player {
  readonly pts: number;
  readonly ftm: number;
  readonly player: { readonly last_name: string };
  readonly team: { readonly abbreviation: string };
  readonly game: { readonly home_team_id: number; readonly visitor_team_id: number };
}

function open(faults: readonly Fault[], seed = 1) {
  const clock = { instant: morning, now: () => clock.instant };
  const plan = new FaultPlan({ faults, clock, random: new SeededRandom(seed) });
  const source = simulatedSources(season, clock, plan);
  const ask = async (request = boxScores): Promise<readonly Player[]> => (JSON.parse(new TextDecoder().decode((await source.fetch(request)).body)) as { data: Player[] }).data;
  return { clock, plan, ask };
}
const truth = await open([]).ask();
const fired = (plan: FaultPlan): readonly number[] => plan.fired().map((one) => one.fired);

describe('a source', () => {
  it('lacks the games that are named, and all others are as they were', async () => {
    const { ask, plan } = open([{ target, kind: 'missing-games', games: [game.officialId] }]);
    const players = await ask();
    expect(truth.length - players.length).toBe(12);
    expect(truth).toEqual(expect.arrayContaining([...players]));
    expect(fired(plan)).toEqual([1]);
  });

  it('lacks a share of the rows, the same ones whenever it is asked', async () => {
    const { ask } = open([{ target, kind: 'partial', rate: 0.5 }]);
    const players = await ask();
    expect(players.length).toBeGreaterThan(0);
    expect(players.length).toBeLessThan(truth.length);
    expect(await ask()).toEqual(players);
  });

  it('that is stale answers as it did when the run began, unless it says since when', async () => {
    const since = (fault: Partial<Fault>) => open([{ target, kind: 'stale', ...fault }]);
    const fromTheStart = since({});
    expect(await fromTheStart.ask()).toEqual(truth);
    const { ask, clock } = since({ at: before(finalAt(game), minutes(1)) });
    expect((await ask()).length).toBeLessThan(truth.length);
    clock.instant = after(clock.instant, hours(1));
    expect((await ask()).length).toBeLessThan(truth.length);
  });

  it('answers late now and then: the rate is of calls', async () => {
    const { ask, plan } = open([{ target, kind: 'delay', rate: 0.5, span: hours(48) }]);
    for (let call = 0; call < 40; call += 1) await ask();
    expect(fired(plan)[0]).toBeGreaterThan(8);
    expect(fired(plan)[0]).toBeLessThan(32);
  });

  it('answers with nothing for as long as it is told, then with the truth', async () => {
    const { ask, clock, plan } = open([{ target, kind: 'empty-then-good', span: minutes(30) }]);
    const first = await ask();
    clock.instant = after(clock.instant, minutes(29));
    const second = await ask();
    clock.instant = after(clock.instant, minutes(1));
    expect([first, second, await ask()]).toEqual([[], [], truth]);
    expect(fired(plan)).toEqual([2]);
  });

  it('knows later than it did', async () => {
    const { ask, clock } = open([{ target, kind: 'delay', span: hours(12) }]);
    expect(await ask()).toEqual([]);
    clock.instant = after(clock.instant, hours(5));
    expect(await ask()).toEqual(truth);
  });

  it('is wrong about the players that are named, and corrected later: points and free throws agree', async () => {
    const { ask, clock } = open([{ target, kind: 'corrected-later', rate: 1, span: hours(11) }]);
    const wrong = await ask();
    expect(wrong.map(({ pts, ftm }) => [pts, ftm])).toEqual(truth.map(({ pts, ftm }) => [pts + 2, ftm + 2]));
    clock.instant = after(clock.instant, hours(4));
    expect(await ask()).toEqual(truth);
  });

  it('has home and away the wrong way round', async () => {
    const reversed = await open([{ target, kind: 'reversed-teams' }]).ask();
    expect(reversed.map(({ game: one }) => [one.home_team_id, one.visitor_team_id])).toEqual(truth.map(({ game: one }) => [one.visitor_team_id, one.home_team_id]));
  });

  it('meets two faults one after another', async () => {
    const { ask, plan } = open([{ target, kind: 'missing-games', games: [game.officialId] }, { target, kind: 'partial', players: truth.map(({ player }) => player.last_name) }, { target, kind: 'reversed-teams', games: [other.officialId] }]);
    expect((await ask()).length).toBe(12);
    expect(fired(plan)).toEqual([1, 0, 1]);
  });

  it('that has nothing to be wrong about has not been struck', async () => {
    const { ask, plan } = open([{ target, kind: 'missing-games', games: ['0022599999'] }, { target: 'source:nbac_player_boxscore', kind: 'empty' }]);
    expect(await ask()).toEqual(truth);
    expect(fired(plan)).toEqual([0, 0]);
  });
});
