import { transitions } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { after, gameDate, hashOf, hours, minutes, OfficialGameId, parseInstant, PipelineError, type Completion, type GateDue, type OutputsCompleted, type PhaseTriggered } from '@handoff/contracts';
import { releaseId, type HandoffKey } from '@handoff/handoff';
import { publishPending } from '@handoff/outbox';
import { guarded, type Delivery, type FlowContext, type Ports, type StateDocument } from '@handoff/ports';
import { aGame, asLoaded, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completionsOf, handoffRef, releasesOf, type HandoffDocument, type ReleaseDocument } from '@handoff/handoff-state';
import { recordCompletions } from './record-completions.ts';
import { reconsiderGate } from './reconsider-gate.ts';

const app = 'phase2-to-phase3';
const box = 'nba_raw.bdl_player_boxscores';
const games = ['0022500641', '0022500642', '0022500643', '0022500645', '0022500646'].map((id) => OfficialGameId.parse(id));
const key: HandoffKey = { sport: 'nba', gameDate: gameDate('2026-01-24'), flow: 'postgame', phase: 'phase3' };
const morning = parseInstant('2026-01-25T06:00:00Z');
/** 06:30 ET and four hours of grace. */
const graceEnd = parseInstant('2026-01-25T15:30:00Z');

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
let ports: Ports;

beforeEach(async () => {
  clock = new ManualClock(morning);
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
  ports = system.ports;
  await ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: games.map((game) => asLoaded(aGame({ game_date: '2026-01-24', game_id: game, tip_at: parseInstant('2026-01-25T00:00:00Z') }))) });
});
afterEach(() => system.close());

const context = (over: Partial<Ports> = {}): FlowContext => ({ ports: { ...ports, ...over }, log: silentLog, correlationId: 'spec' });
const completion = (game: OfficialGameId, content = 'first'): Completion => ({ gameDate: key.gameDate, output: box, scope: game, contentHash: hashOf(`${game} ${content}`), rowCount: 20 });
const completed = (completions: readonly Completion[], over: Partial<OutputsCompleted> = {}): OutputsCompleted => ({
  sport: 'nba', purpose: 'live', phase: 'phase2', flow: 'postgame', executionId: 'run-1', sourceVersionAt: morning, completions: [...completions], ...over,
});
const record = (message: OutputsCompleted, over: Partial<Ports> = {}) => recordCompletions(app, message, context(over));
const all = (content?: string) => games.map((game) => completion(game, content));

async function releases(): Promise<readonly ReleaseDocument[]> {
  return (await ports.state.query<ReleaseDocument>({ collection: releasesOf(key) })).map(({ value }) => value);
}
/** A store whose methods can be replaced one by one. */
const boundTo = (state: Ports['state']): Ports['state'] => ({
  get: (ref) => state.get(ref), create: (ref, value) => state.create(ref, value), update: (ref, value, version) => state.update(ref, value, version), batch: (writes) => state.batch(writes),
  transact: (reads, decide, options) => state.transact(reads, decide, options), query: (asked) => state.query(asked), increment: (ref, field, by) => state.increment(ref, field, by),
});
/** What the outbox sweeper does each minute. */
const sweep = async (): Promise<number> => (await publishPending(ports, 500)) + (await ports.delays.deliverDue(clock.now(), 500));
/** Takes what is due on the bus for one function. */
async function taken(subscription: string): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  while (await system.bus.deliverNext((delivery) => { deliveries.push(delivery); return Promise.resolve('ack'); }));
  return deliveries.filter((delivery) => delivery.subscription === subscription);
}
const triggers = async (): Promise<readonly PhaseTriggered[]> => (await taken('phase3-trigger--phase3-analytics')).map(({ message }) => message.payload as unknown as PhaseTriggered);
const standing = async (): Promise<HandoffDocument | undefined> => (await ports.state.get<HandoffDocument>(handoffRef(key)))?.value;
const openIncidents = async () => (await system.notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).map(({ cause, count }) => ({ cause, count }));

describe('a set that comes in parts', () => {
  it('waits for the rest, then releases once with all its games, under a deterministic id', async () => {
    expect(await record(completed(all().slice(0, 3)))).toMatchObject({ outcome: 'wait' });
    expect(await triggers()).toEqual([]);
    expect(await record(completed(all().slice(3)))).toMatchObject({ outcome: 'released', facts: { revision: 1, games: 5 } });
    expect(await triggers()).toMatchObject([{ triggerId: releaseId(key, 1), phase: 'phase3', runs: [{ revision: 1, games, isDegraded: false, missing: [], upgrades: false, releaseId: releaseId(key, 1) }] }]);
  });

  it('records each completion once, and a redelivery changes nothing', async () => {
    await record(completed(all()));
    const before = [await ports.state.query({ collection: completionsOf(key) }), await releases(), await standing()];
    await triggers();
    expect(await record(completed(all()))).toMatchObject({ outcome: 'unchanged' });
    expect(await record(completed(all(), { executionId: 'another-run' }))).toMatchObject({ outcome: 'unchanged' });
    expect([await ports.state.query({ collection: completionsOf(key) }), await releases(), await standing()]).toEqual(before);
    expect(before[0]).toHaveLength(5);
    expect(await triggers()).toEqual([]);
  });

  it('confirms the release with the id of its message', async () => {
    await record(completed(all()));
    const [delivery] = await taken('phase3-trigger--phase3-analytics');
    expect(await releases()).toMatchObject([{ messageId: delivery?.messageId }]);
    expect(await standing()).toMatchObject({ verdict: 'release', revision: 1 });
  });

  it('two instances that complete it at once release it once', async () => {
    await record(completed(all().slice(0, 3)));
    const outcomes = await Promise.all([record(completed(all().slice(3, 4))), record(completed(all().slice(4))), record(completed(all()))]);
    expect(outcomes.filter(({ outcome }) => outcome === 'released').length).toBeGreaterThanOrEqual(1);
    expect(await releases()).toHaveLength(1);
    expect(await triggers()).toHaveLength(1);
  });

  it('an instance that decided on what it had read before another released looks again, and finds it done', async () => {
    const { state } = ports;
    let isStale = true;
    const query: typeof state.query = async (asked) => {
      const found = await state.query(asked);
      if (asked.collection !== releasesOf(key) || !isStale) return found as never;
      isStale = false;
      await record(completed(all()));
      return found as never;
    };
    const late: typeof state = { ...boundTo(state), query };
    expect(await record(completed(all()), { state: late })).toMatchObject({ outcome: 'unchanged' });
    expect(isStale).toBe(false);
    expect(await releases()).toHaveLength(1);
    expect(await triggers()).toHaveLength(1);
  });
});

describe('news after a release', () => {
  const later = (completions: readonly Completion[], minute: number): OutputsCompleted => completed(completions, { executionId: `run-${minute}`, sourceVersionAt: after(morning, minutes(minute)) });
  beforeEach(async () => {
    await record(completed(all()));
    await triggers();
  });

  it('opens revision 2 with that game alone', async () => {
    clock.advance(hours(4));
    expect(await record(later([completion(games[1]!, 'second'), completion(games[2]!)], 200))).toMatchObject({ outcome: 'released', facts: { revision: 2, games: 1 } });
    expect(await triggers()).toMatchObject([{ triggerId: releaseId(key, 2), runs: [{ games: [games[1]], revision: 2 }] }]);
  });

  it('that is older than what was released changes nothing', async () => {
    expect(await record(completed([completion(games[1]!, 'older')], { sourceVersionAt: after(morning, minutes(-5)) }))).toMatchObject({ outcome: 'unchanged' });
    expect(await triggers()).toEqual([]);
  });

  it('that goes back to what it was is released again', async () => {
    for (const [index, content] of ['second', 'first', 'second'].entries()) {
      clock.advance(hours(1));
      expect(await record(later([completion(games[1]!, content)], 60 * (index + 1)))).toMatchObject({ outcome: 'released', facts: { revision: index + 2 } });
    }
  });

  it('of two kinds at one moment is released twice, whatever their hashes', async () => {
    for (const [index, content] of ['a', 'b', 'c', 'd'].entries()) {
      expect(await record(later([completion(games[1]!, content)], 60))).toMatchObject({ outcome: 'released', facts: { revision: index + 2 } });
    }
    expect((await triggers()).map(({ triggerId }) => triggerId)).toEqual([2, 3, 4, 5].map((revision) => releaseId(key, revision)));
  });
});

describe('a set that stays incomplete', () => {
  const gateDue = async (): Promise<void> => {
    await sweep();
    for (const { message } of await taken('phase2-to-phase3-due--phase2-to-phase3')) await reconsiderGate(app, message.payload as never, context());
  };

  it('is looked at again when its grace ends, and released without what is missing', async () => {
    await record(completed(all().slice(0, 4)));
    clock.advance((graceEnd - clock.now() - 1) as never);
    await gateDue();
    expect(await releases()).toEqual([]);
    clock.advance(1 as never);
    await gateDue();
    expect(await releases()).toMatchObject([{ verdict: 'release-degraded', coverage: 0.8, run: { games: games.slice(0, 4), isDegraded: true, missing: [`${box}|${games[4]}`] } }]);
    expect(await openIncidents()).toEqual([{ cause: 'gate-degraded', count: 1 }]);
    await record(completed(all().slice(4)));
    expect((await releases()).at(-1)).toMatchObject({ verdict: 'release', run: { games: [games[4]], revision: 2 } });
    expect(await openIncidents()).toEqual([]);
  });

  it('is blocked below the threshold with one incident, and released when the missing completes', async () => {
    await record(completed(all().slice(0, 3)));
    clock.advance((graceEnd - clock.now()) as never);
    await gateDue();
    await record(completed(all().slice(0, 2), { executionId: 'again' }));
    expect(await releases()).toEqual([]);
    expect(await openIncidents()).toEqual([{ cause: 'gate-blocked', count: 2 }]);
    expect(await standing()).toMatchObject({ verdict: 'block', coverage: 0.6 });
    await record(completed(all().slice(3)));
    expect(await releases()).toMatchObject([{ verdict: 'release' }]);
    expect(await openIncidents()).toEqual([]);
  });

  it('that is blocked is looked at again every half hour: games that left the slate are not waited for', async () => {
    clock.advance((graceEnd - clock.now()) as never);
    expect(await record(completed(all().slice(0, 3)))).toMatchObject({ outcome: 'block' });
    await ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: games.slice(3).map((game) => asLoaded(aGame({ game_date: '2026-01-24', game_id: game, tip_at: parseInstant('2026-01-25T00:00:00Z'), home_team_score: null, away_team_score: null, is_postponed: true }))) });
    clock.advance(minutes(29));
    await gateDue();
    expect(await releases()).toEqual([]);
    clock.advance(minutes(1));
    await gateDue();
    expect(await releases()).toMatchObject([{ verdict: 'release', run: { games: games.slice(0, 3), missing: [] } }]);
    expect(await openIncidents()).toEqual([]);
  });

  it('that stays blocked is looked at for two days, one look at a time', async () => {
    clock.advance((graceEnd - clock.now()) as never);
    await record(completed(all().slice(0, 3)));
    let looks = 0;
    for (let halfHour = 0; halfHour < 120; halfHour += 1) {
      clock.advance(minutes(30));
      await sweep();
      const due = await taken('phase2-to-phase3-due--phase2-to-phase3');
      looks += due.length;
      for (const { message } of due) await reconsiderGate(app, message.payload as never, context());
    }
    expect(looks).toBe(88);
    expect(await ports.state.query({ collection: 'deferred' })).toEqual([]);
  });

  it('is judged at the moment of its look by a function whose clock is a little behind', async () => {
    await record(completed(all().slice(0, 4)));
    clock.advance((graceEnd - clock.now()) as never);
    await sweep();
    const [due] = await taken('phase2-to-phase3-due--phase2-to-phase3');
    clock.advance(-1 as never);
    expect(await reconsiderGate(app, due!.message.payload as never, context())).toMatchObject({ outcome: 'released', facts: { verdict: 'release-degraded' } });
  });

  it('whose block is told late, after another has released it, is told as released', async () => {
    clock.advance((graceEnd - clock.now()) as never);
    const alert: Ports['notifier']['alert'] = async (told) => {
      await record(completed(all(), { executionId: 'the rest' }));
      await ports.notifier.alert(told);
    };
    await record(completed(all().slice(0, 3)), { notifier: { alert, resolve: (...call) => ports.notifier.resolve(...call), review: (at) => ports.notifier.review(at), post: (bulletin) => ports.notifier.post(bulletin) } });
    expect(await standing()).toMatchObject({ verdict: 'release', revision: 1 });
    expect(await openIncidents()).toEqual([]);
  });

  it('goes ahead at the threshold of an operator instead of the catalogue’s', async () => {
    clock.advance((graceEnd - clock.now()) as never);
    expect(await recordCompletions(app, completed(all().slice(0, 3)), context(), 0.5)).toMatchObject({ outcome: 'released', facts: { verdict: 'release-degraded', games: 3 } });
  });
});

describe('a crash', () => {
  class Crash extends Error {}
  const crash = (): Promise<never> => Promise.reject(new Crash('killed'));

  it('after the batch and before the publish leaves the trigger to the sweeper, and the redelivery tells what was released', async () => {
    await expect(record(completed(all()), { bus: { publish: crash } })).rejects.toThrow(Crash);
    expect(await triggers()).toEqual([]);
    expect(await sweep()).toBe(1);
    expect(await triggers()).toMatchObject([{ triggerId: releaseId(key, 1) }]);
    expect(await standing()).toBeUndefined();
    expect(await record(completed(all()))).toMatchObject({ outcome: 'unchanged' });
    expect(await standing()).toMatchObject({ verdict: 'release', revision: 1 });
    expect(await triggers()).toEqual([]);
  });

  it('after a degraded release and before its alert: the redelivery alerts, once', async () => {
    clock.advance((graceEnd - clock.now()) as never);
    await expect(record(completed(all().slice(0, 4)), { notifier: { alert: crash, resolve: crash, review: crash, post: crash } })).rejects.toThrow(Crash);
    expect(await openIncidents()).toEqual([]);
    for (let delivery = 1; delivery <= 3; delivery += 1) await record(completed(all().slice(0, 4)));
    expect(await openIncidents()).toEqual([{ cause: 'gate-degraded', count: 1 }]);
    expect(await releases()).toHaveLength(1);
  });

  it('between recording and deciding: the redelivery decides', async () => {
    await expect(record(completed(all()), { warehouse: { ...ports.warehouse, query: crash } })).rejects.toThrow(Crash);
    expect(await ports.state.query({ collection: completionsOf(key) })).toHaveLength(5);
    expect(await record(completed(all()))).toMatchObject({ outcome: 'released' });
  });

  it('after the publish and before the confirm publishes once more under the same key, for the receiver to drop', async () => {
    const publish: Ports['bus']['publish'] = async (topic, message) => ports.bus.publish(topic, message).then(crash);
    await expect(record(completed(all()), { bus: { publish } })).rejects.toThrow(Crash);
    await sweep();
    const keys = (await taken('phase3-trigger--phase3-analytics')).map(({ message }) => message.key);
    expect(keys).toEqual([releaseId(key, 1), releaseId(key, 1)]);
  });
});

describe('a gate that cannot read its slate', () => {
  const away = (): Partial<Ports> => ({ warehouse: guarded(ports.warehouse, ['query'], () => { throw new PipelineError({ code: 'warehouse-unavailable', disposition: 'retry', message: 'away' }); }) });

  it('stays closed where it is about correctness, says so once, and releases when the slate is back', async () => {
    for (let delivery = 1; delivery <= 3; delivery += 1) await expect(record(completed(all()), away())).rejects.toMatchObject({ code: 'warehouse-unavailable' });
    expect(await releases()).toEqual([]);
    expect(await openIncidents()).toEqual([{ cause: 'gate-error', count: 3 }]);
    expect(await record(completed(all()))).toMatchObject({ outcome: 'released' });
    expect(await openIncidents()).toEqual([]);
  });

  it('is in error no more once it can read, though it has to wait', async () => {
    await expect(record(completed(all().slice(0, 2)), away())).rejects.toMatchObject({ code: 'warehouse-unavailable' });
    expect(await record(completed(all().slice(0, 2)))).toMatchObject({ outcome: 'wait' });
    expect(await openIncidents()).toEqual([]);
  });

  it('opens where it only orders work in time: what has completed goes ahead, with the reason', async () => {
    const graded = (output: string, scope: Completion['scope']): Completion => ({ ...completion(games[0]!), output, scope });
    const completions = [...games.slice(0, 2).map((game) => graded('nba_predictions.prediction_accuracy', game)), graded('nba_predictions.system_daily_performance', 'slate')];
    const publication: HandoffKey = { ...key, phase: 'phase6-publish' };
    expect(await recordCompletions('phase5-to-phase6', { ...completed(completions), phase: 'phase6-grade' }, context(away()))).toMatchObject({ outcome: 'released', facts: { games: 2 } });
    expect(await openIncidents()).toEqual([{ cause: 'gate-error', count: 1 }]);
    const released = await ports.state.query<ReleaseDocument>({ collection: releasesOf(publication) });
    expect(released).toMatchObject([{ value: { verdict: 'release', reasons: ['slate-unreadable'], run: { games: games.slice(0, 2) } } }]);
    const [look] = await ports.state.query<{ readonly message: { readonly payload: GateDue } } & StateDocument>({ collection: 'deferred' });
    expect(look?.value.message.payload).toMatchObject({ app: 'phase5-to-phase6', to: 'phase6-publish', gameDate: key.gameDate });
    clock.advance(minutes(30));
    if (look !== undefined) await reconsiderGate('phase5-to-phase6', look.value.message.payload, context());
    expect(await openIncidents()).toEqual([]);
    expect(await ports.state.query({ collection: releasesOf(publication) })).toHaveLength(1);
  });
});

describe('what is refused or stops', () => {
  it.each<readonly [what: string, over: Partial<Completion>]>([
    ['an output that nobody knows', { output: 'nba_raw.nothing' }],
    ['an output of another phase', { output: 'nba_analytics.player_game_summary' }],
    ['an output of another flow', { output: 'nba_raw.nbac_schedule' }],
  ])('%s is rejected, after the others of its message have been taken', async (_what, over) => {
    await expect(record(completed([{ ...completion(games[0]!), ...over }, ...all()]))).rejects.toMatchObject({ code: 'unknown-output', disposition: 'reject', facts: { outputs: [over.output] } });
    expect(await ports.state.query({ collection: completionsOf(key) })).toHaveLength(5);
    expect(await releases()).toHaveLength(1);
  });

  it.each(['bdl_player_boxscores', 'BdlPlayerBoxscoresProcessor', 'p2_bdl_player_boxscores', 'bdl-player-boxscores'])('a processor that calls itself %s is known', async (output) => {
    expect(await record(completed(all().map((one) => ({ ...one, output }))))).toMatchObject({ outcome: 'released' });
    expect(await triggers()).toHaveLength(1);
  });

  it('history passes only where the catalogue passes it on', async () => {
    for (const { app: owner, from, flow, purposes } of transitions.filter((transition) => transition.from === 'phase2')) {
      const message: OutputsCompleted = { ...completed(flow === 'postgame' ? all() : [{ ...completion(games[0]!), output: 'nba_raw.nbac_schedule' }]), purpose: 'history', phase: from, flow };
      expect({ flow, outcome: (await recordCompletions(owner, message, context())).outcome === 'history-stops-here' }).toEqual({ flow, outcome: !purposes.includes('history') });
    }
  });

  it('a game that is postponed before anything was released is not waited for', async () => {
    await ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(aGame({ game_date: '2026-01-24', game_id: games[4]!, tip_at: parseInstant('2026-01-25T00:00:00Z'), home_team_score: null, away_team_score: null, is_postponed: true }))] });
    expect(await record(completed(all().slice(0, 4)))).toMatchObject({ outcome: 'released', facts: { verdict: 'release', games: 4 } });
  });
});
