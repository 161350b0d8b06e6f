import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transitions, type Transition } from '@handoff/catalogue';
import { after, before, gameDate, hashOf, hours, minutes, OfficialGameId, parseInstant, Tricode, type EpochMs } from '@handoff/contracts';
import type { HandoffKey, ReleaseFacts } from '@handoff/handoff';
import type { SlateGame } from '@handoff/slate';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completionsOf, explainHandoff, handoffRef, releasesOf, type CompletionDocument, type Explanation, type ReleaseDocument } from './index.ts';

const date = gameDate('2026-01-24');
const box = 'nba_raw.bdl_player_boxscores';
const games = ['0022500641', '0022500642'].map((id) => OfficialGameId.parse(id));
const transition: Transition = transitions.find(({ to, flow }) => to === 'phase3' && flow === 'postgame')!;
const key: HandoffKey = { sport: 'nba', gameDate: date, flow: 'postgame', phase: 'phase3' };
const morning = parseInstant('2026-01-25T06:00:00Z');
const graceEnd = parseInstant('2026-01-25T15:30:00Z');
const [away, home] = [Tricode.parse('LAL'), Tricode.parse('DAL')];
const slate = games.map((officialId): SlateGame => ({ officialId, gameDate: date, home, away, tipAt: before(morning, hours(6)), status: 'final', homeScore: 1, awayScore: 2, movedIn: false }));

let folder: string;
let environment: EmbeddedEnvironment;
let state: EmbeddedStateStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-explain-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
  state = new EmbeddedStateStore(environment);
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

const explain = (now: EpochMs, ended?: ReleaseFacts['ended'], of: readonly SlateGame[] = slate): Promise<Explanation> =>
  explainHandoff(state, { transition, sport: 'nba', gameDate: date, slate: of, now, endOf: () => ended });
async function complete(game: OfficialGameId): Promise<void> {
  const value: CompletionDocument = { gameDate: date, output: box, scope: game, contentHash: hashOf(game), rowCount: 20, sourceVersionAt: morning, recordedAt: morning, executionId: 'run' };
  await state.create({ collection: completionsOf(key), id: game }, value);
}
async function release(messageId: string | null, missing: string[] = []): Promise<void> {
  for (const game of games) await complete(game);
  const value: ReleaseDocument = {
    triggerId: 'spec', purpose: 'live',
    run: { gameDate: date, revision: 1, releaseId: 'r1', games, isDegraded: missing.length > 0, missing, upgrades: false, sourceVersionAt: morning },
    consumed: Object.fromEntries(games.map((game) => [`${box}|${game}`, hashOf(game)])), verdict: 'release', coverage: 1, reasons: [], releasedAt: morning, messageId,
  };
  await state.create({ collection: releasesOf(key), id: 'r0001' }, value);
}
const claim = (value: object) => state.create({ collection: 'claims_phase3-analytics', id: 'phase3-trigger-r1' }, { holder: 'instance-7', fencing: 1, leaseUntil: after(morning, minutes(2)), ...value });

describe('before a release', () => {
  it('names each missing completion with its game and who brings it, and the moment at which the rest goes ahead', async () => {
    await complete(games[0]!);
    expect(await explain(morning)).toMatchObject({
      state: 'collecting', verdict: 'wait', coverage: 0.5, games: { expected: 2, postponed: 0 }, releases: [],
      moves: [{ event: 'completion', what: `${box} for 0022500642 (LAL at DAL), which bdl_player_box_scores brings` }, { event: 'clock', at: graceEnd }],
    });
  });

  it('is blocked after the grace, and a completion or the schedule moves it', async () => {
    await complete(games[0]!);
    expect(await explain(graceEnd)).toMatchObject({ state: 'blocked', verdict: 'block', moves: [{ event: 'completion' }, { event: 'schedule' }] });
  });

  it('judges by the threshold that the function was given', async () => {
    await complete(games[0]!);
    await state.create(handoffRef(key), { coverageMin: 0.5 });
    expect(await explain(graceEnd)).toMatchObject({ state: 'collecting', verdict: 'release-degraded' });
  });

  it('waits for a schedule where no game is known', async () => {
    expect(await explain(morning, undefined, [])).toMatchObject({ state: 'collecting', moves: [{ event: 'schedule' }] });
  });

  it('says what is decided but not written: any repetition writes it', async () => {
    for (const game of games) await complete(game);
    expect(await explain(morning)).toMatchObject({ state: 'collecting', verdict: 'release', moves: [{ event: 'completion', what: expect.stringContaining('any repetition') as string }] });
  });
});

describe('after a release', () => {
  it.each<readonly [state: string, messageId: string | null, claim: object | undefined, ended: ReleaseFacts['ended'], move: object]>([
    ['released', null, undefined, undefined, { event: 'sweep' }],
    ['published', 'm1', undefined, undefined, { event: 'delivery', what: 'the bus delivers the trigger' }],
    ['published', 'm1', { status: 'released', outcome: 'retry' }, undefined, { event: 'delivery', what: expect.stringContaining('ended as retry') as string }],
    ['running', 'm1', { status: 'running' }, undefined, { event: 'delivery', what: expect.stringContaining('instance-7') as string, at: after(morning, minutes(2)) }],
    ['running', 'm1', { status: 'done' }, undefined, { event: 'answers' }],
    ['complete', 'm1', { status: 'done' }, 'complete', { event: 'content' }],
    ['failed', 'm1', { status: 'done' }, 'failed', { event: 'delivery' }],
  ])('%s, by message %s, claim %o and end %s', async (runState, messageId, claimed, ended, move) => {
    await release(messageId);
    if (claimed !== undefined) await claim(claimed);
    const explained = await explain(morning, ended);
    expect(explained).toMatchObject({ state: runState, verdict: 'unchanged', releases: [{ revision: 1, messageId }] });
    expect(explained.moves[0]).toMatchObject(move);
  });

  it('degraded: what it went ahead without would upgrade it', async () => {
    await release('m1', [`${box}|0022500642`]);
    await claim({ status: 'done' });
    expect((await explain(morning, 'degraded')).moves).toMatchObject([{ event: 'completion', what: `${box} for 0022500642 (LAL at DAL), which bdl_player_box_scores brings` }, { event: 'content' }]);
  });

  it('nothing moves it any more when its games have left the slate', async () => {
    await release('m1');
    await claim({ status: 'done' });
    expect(await explain(morning, 'complete', slate.map((game) => ({ ...game, status: 'postponed' as const })))).toMatchObject({ state: 'complete', moves: [] });
  });
});
