import { after, epochMs, minutes, pairOf } from '@handoff/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aCompletion, aGate, aGateGame, aGateOutput, gateDueAt, gateGraceMs, releasedAs } from './gate-inputs.ts';
import { decideGate, type GateDecision, type GateInput, type PriorRelease, type RecordedCompletion } from './gate.ts';

const outputs = [
  aGateOutput('nba_raw.bdl_player_boxscores'),
  aGateOutput('nba_raw.nbac_player_boxscores', { need: 'alternative', alternativeOf: 'nba_raw.bdl_player_boxscores' }),
  aGateOutput('nba_raw.odds_api_player_points_props', { need: 'soft' }),
  aGateOutput('nba_predictions.system_daily_performance', { scope: 'slate' }),
];
const scopes = [1, 2, 3, 4, 5].map((number) => aGateGame(number).officialId);

const aNews = fc.record({
  output: fc.constantFrom(...outputs.map(({ name }) => name)),
  scope: fc.constantFrom<string>(...scopes),
  content: fc.constantFrom('a', 'b', 'c'),
  version: fc.nat(3),
  recorded: fc.integer({ min: 3, max: 6 }),
}).map((words) => aCompletion(words.output === 'nba_predictions.system_daily_performance' ? { ...words, scope: 'slate' } : words));
const gameStates = fc.array(fc.constantFrom({ isExpected: true }, { isExpected: true }, { isExpected: false, isPostponed: true }, { isExpected: false }), { minLength: 5, maxLength: 5 });
const gates = fc.record({ completions: fc.array(aNews, { maxLength: 25 }), states: gameStates }).map(({ completions, states }) =>
  aGate({ outputs, completions, games: states.map((state, index) => aGateGame(index + 1, state)) }));
/** Around due and the end of grace: three times the grace, in minutes. */
const offsets = fc.integer({ min: -240, max: 480 });
const momentOf = (offset: number) => after(gateDueAt, minutes(offset));

const isReleased = (decision: GateDecision): decision is Extract<GateDecision, { verdict: 'release' | 'release-degraded' }> =>
  decision.verdict === 'release' || decision.verdict === 'release-degraded';
const hasContent = (input: GateInput, game: string): boolean =>
  input.completions.some(({ output, scope }) => scope === game && (output === outputs[0]!.name || output === outputs[1]!.name));

it('never releases a game for which a required output is missing, nor one that is not expected', () => {
  fc.assert(fc.property(gates, offsets, (input, offset) => {
    const decision = decideGate(input, momentOf(offset));
    if (!isReleased(decision)) return;
    for (const game of decision.games) {
      expect(hasContent(input, game)).toBe(true);
      expect(input.games.find(({ officialId }) => officialId === game)?.isExpected).toBe(true);
    }
  }));
});

it('never releases below the threshold, before the end of grace incomplete, or without an output of the slate', () => {
  fc.assert(fc.property(gates, offsets, (input, offset) => {
    const decision = decideGate(input, momentOf(offset));
    if (decision.verdict === 'release') expect(decision.missing).toEqual([]);
    if (decision.verdict !== 'release-degraded') return;
    expect(decision.coverage).toBeGreaterThanOrEqual(0.8);
    expect(momentOf(offset)).toBeGreaterThanOrEqual(after(gateDueAt, gateGraceMs));
    expect(decision.missing.filter((pair) => pair.endsWith('|slate'))).toEqual([]);
  }));
});

it('never goes back from a release to waiting, nor from a block to it, as time passes', () => {
  const rank = { wait: 0, block: 1, release: 1, 'release-degraded': 1, unchanged: 1 } as const;
  fc.assert(fc.property(gates, offsets, offsets, (input, one, other) => {
    const [earlier, later] = [decideGate(input, momentOf(Math.min(one, other))), decideGate(input, momentOf(Math.max(one, other)))];
    expect(rank[later.verdict]).toBeGreaterThanOrEqual(rank[earlier.verdict]);
    if (earlier.verdict !== 'wait') expect(later).toEqual(earlier);
  }));
});

it('waits only for a moment that is still to come', () => {
  fc.assert(fc.property(gates, offsets, (input, offset) => {
    const decision = decideGate(input, momentOf(offset));
    if (decision.verdict === 'wait' && decision.until !== undefined) expect(decision.until).toBeGreaterThan(momentOf(offset));
  }));
});

it('takes only what is of the games released or of the slate, and all of it at its newest', () => {
  fc.assert(fc.property(gates, offsets, (input, offset) => {
    const decision = decideGate(input, momentOf(offset));
    if (!isReleased(decision)) return;
    const takenScopes = new Set(Object.keys(decision.consumed).map((pair) => pair.split('|')[1]));
    takenScopes.delete('slate');
    expect([...takenScopes].every((scope) => decision.games.some((game) => game === scope))).toBe(true);
    for (const [pair, hash] of Object.entries(decision.consumed)) {
      const versions = input.completions.filter((completion) => pairOf(completion.output, completion.scope) === pair);
      const newest = Math.max(...versions.map(({ sourceVersionAt }) => sourceVersionAt));
      expect(versions.some((completion) => completion.sourceVersionAt === newest && completion.contentHash === hash)).toBe(true);
    }
  }));
});

/** Completions arrive one at a time, each look releasing what it may: the life of a hand-off. */
function live(input: GateInput, arrivals: readonly RecordedCompletion[], now: number): { readonly releases: readonly PriorRelease[]; readonly last: GateDecision } {
  const releases: PriorRelease[] = [];
  let last = decideGate({ ...input, completions: [] }, epochMs(now));
  for (const [index] of arrivals.entries()) {
    for (let look = 0; look < 5; look += 1) {
      last = decideGate({ ...input, completions: arrivals.slice(0, index + 1), releases }, epochMs(now));
      if (!isReleased(last)) break;
      releases.push(releasedAs(last));
    }
  }
  return { releases, last };
}

it('comes to rest after any order of arrivals, with revisions 1 to n and the newest of every pair taken once', () => {
  fc.assert(fc.property(gates, offsets, (input, offset) => {
    const { releases, last } = live(input, input.completions, momentOf(offset));
    expect(isReleased(last)).toBe(false);
    expect(releases.map(({ revision }) => revision)).toEqual(releases.map((_, index) => index + 1));
    expect(releases.length).toBeLessThanOrEqual(input.completions.length);
  }));
});

it('repeating a completion changes no decision', () => {
  fc.assert(fc.property(gates, offsets, (input, offset) => {
    const repeated = { ...input, completions: input.completions.flatMap((completion) => [completion, completion]) };
    expect(decideGate(repeated, momentOf(offset))).toEqual(decideGate(input, momentOf(offset)));
  }));
});

it('the order in which the state store lists what was recorded at different moments changes no decision', () => {
  fc.assert(fc.property(gates, offsets, (input, offset) => {
    const distinct = input.completions.map((completion, index) => ({ ...completion, recordedAt: after(completion.recordedAt, minutes(10 * index)) }));
    const decided = decideGate({ ...input, completions: distinct }, momentOf(offset));
    const reversed = decideGate({ ...input, completions: distinct.toReversed() }, momentOf(offset));
    if (isReleased(decided) && isReleased(reversed)) expect({ ...reversed, consumed: { ...reversed.consumed } }).toEqual({ ...decided, consumed: { ...decided.consumed } });
    else expect(reversed).toEqual(decided);
  }));
});
