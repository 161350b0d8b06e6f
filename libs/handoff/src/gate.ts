import type { Output, Transition } from '@handoff/catalogue';
import type { Completion, DurationMs, EpochMs, GateOutcome, OfficialGameId } from '@handoff/contracts';
import { after } from '@handoff/contracts';

/** A completion as the hand-off has recorded it. */
export interface RecordedCompletion extends Completion {
  readonly sourceVersionAt: EpochMs;
}

/** A game of the slate as a gate sees it at `now`. */
export interface GateGame {
  readonly officialId: OfficialGameId;
  /** True when the flow expects the game: pregame until its tip-off, postgame unless it is postponed. */
  readonly isExpected: boolean;
  /** True when the game left the slate, so that what was made for it has to be taken back. */
  readonly isPostponed: boolean;
}

/** What earlier releases of the same hand-off took: content hash by `output|scope`. */
export type Consumed = Readonly<Record<string, string>>;

export interface PriorRelease {
  readonly revision: number;
  readonly games: readonly OfficialGameId[];
  readonly consumed: Consumed;
  readonly isDegraded: boolean;
}

export interface GateInput {
  readonly transition: Pick<Transition, 'flow' | 'from' | 'policy'>;
  /** The outputs of the phase before, from the catalogue; those whose source is not enabled are left out. */
  readonly outputs: readonly Output[];
  readonly games: readonly GateGame[];
  readonly completions: readonly RecordedCompletion[];
  readonly releases: readonly PriorRelease[];
  readonly dueAt: EpochMs;
}

/**
 * What a gate decides. Reasons are never empty but for a plain release.
 *
 * | verdict | meaning | what moves it |
 * |---|---|---|
 * | wait | something is missing and there is still time | a completion, or the clock at `until` |
 * | release | the set is there | done, until content changes |
 * | release-degraded | enough is there after the grace | the missing completions upgrade it |
 * | block | too little is there after the grace | a completion of a missing pair |
 * | unchanged | released already, and nothing is newer | newer content |
 */
export type GateDecision =
  | (GateOutcome & { readonly verdict: 'wait'; readonly until: EpochMs | undefined })
  | (GateOutcome & { readonly verdict: 'block'; readonly missing: readonly string[] })
  | (GateOutcome & { readonly verdict: 'release' | 'release-degraded' } & Release)
  | { readonly verdict: 'unchanged'; readonly coverage: number; readonly reasons: readonly string[] };

/** A release to be made: the next revision, and the games that it is about. */
export interface Release {
  readonly revision: number;
  readonly games: readonly OfficialGameId[];
  readonly missing: readonly string[];
  readonly consumed: Consumed;
  readonly sourceVersionAt: EpochMs;
}

/** How an (output, scope) pair is written in reasons, missing lists and `consumed`. */
export const pairOf = (output: string, scope: string): string => `${output}|${scope}`;

/**
 * Decides whether the next phase may start, or start again.
 *
 * Going ahead with missing pairs after the grace is deliberate: most of a slate on time beats all of it
 * after tip-off (docs/adr/0005-degraded-release.md). A game that is postponed after it was released is
 * part of the next revision, so that downstream takes back what it made for it.
 */
export function decideGate(input: GateInput, now: EpochMs): GateDecision {
  const latest = newestPerPair(input.completions);
  const standing = judge(input, latest);
  return input.releases.length === 0 ? decideFirst(input, latest, standing, now) : decideNext(input, latest, standing);
}

interface Standing {
  readonly expected: readonly OfficialGameId[];
  readonly missing: readonly string[];
  readonly softMissing: readonly string[];
  readonly coverage: number;
}

function newestPerPair(completions: readonly RecordedCompletion[]): ReadonlyMap<string, RecordedCompletion> {
  const latest = new Map<string, RecordedCompletion>();
  for (const completion of completions) {
    const pair = pairOf(completion.output, completion.scope);
    const known = latest.get(pair);
    if (known === undefined || known.sourceVersionAt <= completion.sourceVersionAt) latest.set(pair, completion);
  }
  return latest;
}

function judge(input: GateInput, latest: ReadonlyMap<string, RecordedCompletion>): Standing {
  const expected = input.games.filter((game) => game.isExpected).map((game) => game.officialId);
  const scopesOf = (output: Output): readonly string[] => (output.scope === 'slate' ? ['slate'] : expected);
  const isPresent = (output: Output, scope: string): boolean =>
    latest.has(pairOf(output.name, scope)) ||
    input.outputs.some((other) => other.need === 'alternative' && other.alternativeOf === output.name && latest.has(pairOf(other.name, scope)));
  const missingOf = (need: Output['need']): readonly string[] =>
    input.outputs
      .filter((output) => output.need === need)
      .flatMap((output) => scopesOf(output).filter((scope) => !isPresent(output, scope)).map((scope) => pairOf(output.name, scope)));
  const coverages = input.outputs
    .filter((output) => output.need === 'required' && scopesOf(output).length > 0)
    .map((output) => scopesOf(output).filter((scope) => isPresent(output, scope)).length / scopesOf(output).length);
  return { expected, missing: missingOf('required'), softMissing: missingOf('soft'), coverage: Math.min(1, ...coverages) };
}

function decideFirst(input: GateInput, latest: ReadonlyMap<string, RecordedCompletion>, standing: Standing, now: EpochMs): GateDecision {
  const { missing, softMissing, coverage, expected } = standing;
  const { graceMs, coverageMin } = input.transition.policy;
  if (expected.length === 0) return { verdict: 'wait', coverage: 1, reasons: ['no-games-expected'], until: undefined };
  if (missing.length === 0) {
    if (softMissing.length > 0 && now < input.dueAt) return { verdict: 'wait', coverage, reasons: named('soft-missing', softMissing), until: input.dueAt };
    return release(input, latest, { verdict: 'release', coverage, reasons: named('soft-missing', softMissing), games: expected, missing: [] });
  }
  const until = after(input.dueAt, graceMs satisfies DurationMs);
  if (now < until) return { verdict: 'wait', coverage, reasons: named('missing', missing), until };
  const games = expected.filter((game) => !missing.some((pair) => pair.endsWith(`|${game}`)));
  const isWhole = !missing.some((pair) => pair.endsWith('|slate'));
  if (coverage >= coverageMin && games.length > 0 && isWhole) return release(input, latest, { verdict: 'release-degraded', coverage, reasons: named('missing', missing), games, missing });
  return { verdict: 'block', coverage, reasons: [`coverage-below-${coverageMin * 100}-percent`, ...named('missing', missing)], missing };
}

function decideNext(input: GateInput, latest: ReadonlyMap<string, RecordedCompletion>, standing: Standing): GateDecision {
  const consumed = consumedBy(input.releases);
  const changed = [...latest].filter(([pair, completion]) => consumed[pair] !== completion.contentHash && isUsed(completion, input, latest));
  const changedScopes = new Set(changed.map(([, completion]) => completion.scope));
  const released = new Set(input.releases.flatMap((prior) => prior.games));
  const concerned = input.games.filter((game) => game.isExpected || (game.isPostponed && released.has(game.officialId)));
  const games = concerned.map((game) => game.officialId).filter((game) => changedScopes.has(game) || (changedScopes.has('slate') && standing.expected.includes(game)));
  const ready = games.filter((game) => !standing.missing.some((pair) => pair.endsWith(`|${game}`)));
  if (ready.length === 0) return { verdict: 'unchanged', coverage: standing.coverage, reasons: ['already-released'] };
  const verdict = standing.missing.length === 0 ? 'release' : 'release-degraded';
  return release(input, latest, { verdict, coverage: standing.coverage, reasons: ['content-changed', ...named('missing', standing.missing)], games: ready, missing: standing.missing });
}

/** An alternative is used where the output that it stands in for is missing; elsewhere its news is no news. */
function isUsed(completion: RecordedCompletion, { outputs }: GateInput, latest: ReadonlyMap<string, RecordedCompletion>): boolean {
  const output = outputs.find(({ name }) => name === completion.output);
  if (output === undefined) return false;
  return output.alternativeOf === undefined || !latest.has(pairOf(output.alternativeOf, completion.scope));
}

/** Later releases win: what a pair was last taken at. */
function consumedBy(releases: readonly PriorRelease[]): Consumed {
  const merged: Record<string, string> = {};
  for (const prior of [...releases].sort((left, right) => left.revision - right.revision)) Object.assign(merged, prior.consumed);
  return merged;
}

interface ReleaseDraft extends GateOutcome {
  readonly verdict: 'release' | 'release-degraded';
  readonly games: readonly OfficialGameId[];
  readonly missing: readonly string[];
}

function release(input: GateInput, latest: ReadonlyMap<string, RecordedCompletion>, draft: ReleaseDraft): GateDecision {
  const games = new Set<string>(draft.games);
  const taken = [...latest].filter(([, completion]) => completion.scope === 'slate' || games.has(completion.scope));
  const revision = input.releases.reduce((highest, prior) => Math.max(highest, prior.revision), 0) + 1;
  return {
    ...draft,
    revision,
    consumed: Object.fromEntries(taken.map(([pair, completion]) => [pair, completion.contentHash])),
    sourceVersionAt: taken.reduce<EpochMs>((newest, [, completion]) => (completion.sourceVersionAt > newest ? completion.sourceVersionAt : newest), input.completions[0]?.sourceVersionAt ?? input.dueAt),
  };
}

const named = (prefix: string, pairs: readonly string[]): string[] => pairs.map((pair) => `${prefix}:${pair}`);
