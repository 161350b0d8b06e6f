import type { Output, Transition } from '@handoff/catalogue';
import type { Completion, DurationMs, EpochMs, GateOutcome, OfficialGameId } from '@handoff/contracts';
import { after, pairOf, partsOfPair } from '@handoff/contracts';
import { judge, namesOf, reasonsOf, type PairStanding, type Standing } from './standing.ts';

/** A completion as the hand-off has recorded it. */
export interface RecordedCompletion extends Completion {
  readonly sourceVersionAt: EpochMs;
  readonly recordedAt: EpochMs;
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
  readonly isDegraded: boolean;
  readonly games: readonly OfficialGameId[];
  readonly consumed: Consumed;
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
  | { readonly verdict: 'unchanged'; readonly coverage: number; readonly reasons: readonly string[]; /** The newest that was released. */ readonly revision: number };

/** A release to be made: the next revision, and the games that it is about. */
export interface Release {
  readonly revision: number;
  readonly games: readonly OfficialGameId[];
  readonly missing: readonly string[];
  /** Nothing is missing any more of what an earlier release went ahead without. */
  readonly upgrades: boolean;
  readonly consumed: Consumed;
  readonly sourceVersionAt: EpochMs;
}

/**
 * Decides whether the next phase may start, or start again.
 *
 * Going ahead with missing pairs after the grace is deliberate: most of a slate on time beats all of it
 * after tip-off (docs/adr/0005-degraded-release.md). A game that is postponed after it was released is
 * part of the next revision, so that downstream takes back what it made for it.
 */
export function decideGate(input: GateInput, now: EpochMs): GateDecision {
  const latest = newestPerPair(input);
  const standing = judge(input, latest);
  return input.releases.length === 0 ? decideFirst(input, latest, standing, now) : decideNext(input, latest, standing);
}

/**
 * The gate as if what was released of some games had not been: what is there of them is news again. No games: the
 * whole slate. What was released stays released, and counts in the number of the revision.
 */
export function reopened(input: GateInput, games: readonly OfficialGameId[]): GateInput {
  const wanted = new Set<string>(games);
  const isTaken = ([pair]: readonly [string, string]): boolean => wanted.size > 0 && !wanted.has(partsOfPair(pair).scope);
  return { ...input, releases: input.releases.map((prior) => ({ ...prior, consumed: Object.fromEntries(Object.entries(prior.consumed).filter(isTaken)) })) };
}

function newestPerPair({ completions, releases }: GateInput): ReadonlyMap<string, RecordedCompletion> {
  const takenIn = revisionsThatTook(releases);
  const latest = new Map<string, RecordedCompletion>();
  for (const completion of completions) {
    const pair = pairOf(completion.output, completion.scope);
    const known = latest.get(pair);
    if (known === undefined || isNewer(completion, known, takenIn)) latest.set(pair, completion);
  }
  return latest;
}

/** Of two that were recorded at one moment, the one that no release has taken yet came later. */
function isNewer(candidate: RecordedCompletion, known: RecordedCompletion, takenIn: (completion: RecordedCompletion) => number): boolean {
  const order = candidate.sourceVersionAt - known.sourceVersionAt || candidate.recordedAt - known.recordedAt;
  return order === 0 ? takenIn(candidate) > takenIn(known) : order > 0;
}

function revisionsThatTook(releases: readonly PriorRelease[]): (completion: RecordedCompletion) => number {
  const revisions = new Map<string, number>();
  for (const { revision, consumed } of inOrder(releases)) for (const [pair, hash] of Object.entries(consumed)) revisions.set(`${pair}|${hash}`, revision);
  return ({ output, scope, contentHash }) => revisions.get(`${pairOf(output, scope)}|${contentHash}`) ?? Number.MAX_SAFE_INTEGER;
}

const inOrder = (releases: readonly PriorRelease[]): readonly PriorRelease[] => releases.toSorted((left, right) => left.revision - right.revision);

function decideFirst(input: GateInput, latest: ReadonlyMap<string, RecordedCompletion>, standing: Standing, now: EpochMs): GateDecision {
  const { missing, partial, softMissing, coverage, expected, isEnough } = standing;
  const { graceMs, coverageMin } = input.transition.policy;
  if (expected.length === 0) return { verdict: 'wait', coverage: 1, reasons: ['no-games-expected'], until: undefined };
  const lacking = [...missing, ...partial];
  if (lacking.length === 0) {
    if (softMissing.length > 0 && now < input.dueAt) return { verdict: 'wait', coverage, reasons: named('soft-missing', softMissing), until: input.dueAt };
    return release(input, latest, { verdict: 'release', coverage, reasons: named('soft-missing', softMissing), games: expected, missing: [] });
  }
  const until = after(input.dueAt, graceMs satisfies DurationMs);
  if (now < until) return { verdict: 'wait', coverage, reasons: reasonsOf(lacking), until };
  const games = withoutMissing(expected, missing);
  const isWhole = !missing.some(({ scope }) => scope === 'slate');
  if (isEnough && games.length > 0 && isWhole) return release(input, latest, { verdict: 'release-degraded', coverage, reasons: reasonsOf(lacking), games, missing: namesOf(missing) });
  return { verdict: 'block', coverage, reasons: [`coverage-below-${Math.round(coverageMin * 100)}-percent`, ...reasonsOf(lacking)], missing: namesOf(lacking) };
}

const withoutMissing = (games: readonly OfficialGameId[], missing: readonly PairStanding[]): OfficialGameId[] => games.filter((game) => !missing.some(({ scope }) => scope === game));

function decideNext(input: GateInput, latest: ReadonlyMap<string, RecordedCompletion>, standing: Standing): GateDecision {
  const consumed = consumedBy(input.releases);
  const changed = [...latest].filter(([pair, completion]) => consumed[pair] !== completion.contentHash && isUsed(completion, input, latest));
  const changedScopes = new Set(changed.map(([, completion]) => completion.scope));
  const released = new Set(input.releases.flatMap((prior) => prior.games));
  const concerned = input.games.filter((game) => game.isExpected || (game.isPostponed && released.has(game.officialId)));
  const games = concerned.map((game) => game.officialId).filter((game) => changedScopes.has(game) || (changedScopes.has('slate') && standing.expected.includes(game)));
  const isWhole = !standing.missing.some(({ scope }) => scope === 'slate');
  const ready = isWhole ? withoutMissing(games, standing.missing) : [];
  if (ready.length === 0) return { verdict: 'unchanged', coverage: standing.coverage, reasons: ['already-released'], revision: highestOf(input.releases) };
  const lacking = [...standing.missing, ...standing.partial];
  const verdict = lacking.length === 0 ? 'release' : 'release-degraded';
  return release(input, latest, { verdict, coverage: standing.coverage, reasons: ['content-changed', ...reasonsOf(lacking)], games: ready, missing: namesOf(standing.missing) });
}

/** An alternative is used where the output that it stands in for is missing; elsewhere its news is no news. */
function isUsed(completion: RecordedCompletion, { outputs }: GateInput, latest: ReadonlyMap<string, RecordedCompletion>): boolean {
  const output = outputs.find(({ name }) => name === completion.output);
  if (output === undefined) return false;
  return output.alternativeOf === undefined || !latest.has(pairOf(output.alternativeOf, completion.scope));
}

const highestOf = (releases: readonly PriorRelease[]): number => releases.reduce((highest, { revision }) => Math.max(highest, revision), 0);

/** True when what the newest release went ahead without is still told of. */
const isDegradedNow = (releases: readonly PriorRelease[]): boolean => inOrder(releases).at(-1)?.isDegraded ?? false;

/** Later releases win: what a pair was last taken at. */
function consumedBy(releases: readonly PriorRelease[]): Consumed {
  const merged: Record<string, string> = {};
  for (const prior of inOrder(releases)) Object.assign(merged, prior.consumed);
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
  const released = input.releases.flatMap((prior) => Object.keys(prior.consumed));
  return {
    revision: highestOf(input.releases) + 1,
    upgrades: draft.verdict === 'release' && isDegradedNow(input.releases),
    consumed: Object.fromEntries(taken.map(([pair, completion]) => [pair, completion.contentHash])),
    sourceVersionAt: newestVersion([...taken.map(([pair]) => pair), ...released], latest) ?? input.dueAt,
    ...draft,
  };
}

/** Of everything released so far: a later revision is never of an older version, else outputs of the whole slate would go back. */
function newestVersion(pairs: readonly string[], latest: ReadonlyMap<string, RecordedCompletion>): EpochMs | undefined {
  const versions = pairs.map((pair) => latest.get(pair)?.sourceVersionAt).filter((version) => version !== undefined);
  return versions.length === 0 ? undefined : versions.reduce((newest, version) => (version > newest ? version : newest));
}

const named = (prefix: string, pairs: readonly string[]): string[] => pairs.map((pair) => `${prefix}:${pair}`);
