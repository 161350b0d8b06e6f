import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputsOf, sources, transitions } from '@handoff/catalogue';
import { gameDate, OfficialGameId, parseInstant, Tricode, type EpochMs } from '@handoff/contracts';
import type { GateInput } from '@handoff/handoff';
import type { SlateGame } from '@handoff/slate';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadGate } from './index.ts';

const tipAt = parseInstant('2026-01-25T00:00:00Z');
const game = (status: SlateGame['status']): SlateGame => ({ officialId: OfficialGameId.parse('0022500641'), gameDate: gameDate('2026-01-24'), home: Tricode.parse('DAL'), away: Tricode.parse('LAL'), tipAt, status, homeScore: null, awayScore: null, movedIn: false });

let folder: string;
let environment: EmbeddedEnvironment;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-gate-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  readonly flow: 'pregame' | 'postgame';
  readonly date?: string;
  readonly slate?: readonly SlateGame[];
  readonly now?: EpochMs;
  readonly purpose?: 'live' | 'history';
}
function load({ flow, date = '2026-01-24', slate = [], now = tipAt, purpose = 'live' }: Asked): Promise<GateInput> {
  const transition = transitions.find((candidate) => candidate.from === 'phase2' && candidate.flow === flow)!;
  return loadGate(new EmbeddedStateStore(environment), { transition, key: { sport: 'nba', gameDate: gameDate(date), flow, phase: 'phase3' }, purpose, slate, now });
}
const just = (at: EpochMs, span: number): EpochMs => (at + span) as EpochMs;

describe('what a gate expects', () => {
  it.each(['pregame', 'postgame'] as const)('%s is what sources are enabled for on that date, no more', async (flow) => {
    const enabledFrom = sources.flatMap(({ enabled }) => enabled.map(({ from }) => from)).toSorted()[0]!;
    expect((await load({ flow })).outputs.map(({ name }) => name)).toEqual(outputsOf('phase2', flow).map(({ name }) => name));
    expect((await load({ flow, date: '2015-12-31' })).outputs).toEqual([]);
    expect(enabledFrom > '2015-12-31').toBe(true);
  });

  it.each<readonly [what: string, asked: Asked, isExpected: boolean]>([
    ['pregame, a game before its tip-off', { flow: 'pregame', slate: [game('scheduled')], now: just(tipAt, -1) }, true],
    ['pregame, a game at its tip-off', { flow: 'pregame', slate: [game('scheduled')], now: tipAt }, false],
    ['pregame, a game that is over', { flow: 'pregame', slate: [game('final')], now: just(tipAt, 9) }, false],
    ['pregame, a game that is over, while history is loaded', { flow: 'pregame', slate: [game('final')], now: just(tipAt, 9), purpose: 'history' }, true],
    ['pregame, a postponed game', { flow: 'pregame', slate: [game('postponed')], now: just(tipAt, -1) }, false],
    ['postgame, a game before its tip-off: it will be played', { flow: 'postgame', slate: [game('scheduled')], now: just(tipAt, -1) }, true],
    ['postgame, a game that is over', { flow: 'postgame', slate: [game('final')], now: just(tipAt, 9) }, true],
    ['postgame, a postponed game', { flow: 'postgame', slate: [game('postponed')], now: just(tipAt, 9) }, false],
  ])('%s: %s', async (_what, asked, isExpected) => {
    expect((await load(asked)).games).toMatchObject([{ isExpected, isPostponed: asked.slate?.[0]?.status === 'postponed' }]);
  });

  it('is due by the transition’s own clock, in Eastern time', async () => {
    expect((await load({ flow: 'pregame' })).dueAt).toBe(parseInstant('2026-01-24T12:00:00Z'));
    expect((await load({ flow: 'postgame' })).dueAt).toBe(parseInstant('2026-01-25T11:30:00Z'));
    expect((await load({ flow: 'pregame', date: '2026-03-08' })).dueAt).toBe(parseInstant('2026-03-08T11:00:00Z'));
  });
});
