import { outputNamed, scrapers, subscriptions, triggerTopics, type Transition } from '@handoff/catalogue';
import { after, partsOfPair, type EpochMs, type GameDate, type Sport } from '@handoff/contracts';
import { decideGate, handoffId, phaseRunState, type GateDecision, type GateInput, type HandoffKey, type PhaseRunState, type ReleaseFacts } from '@handoff/handoff';
import type { StateStore } from '@handoff/ports';
import type { SlateGame } from '@handoff/slate';
import { claimRef, workKeyOf, type ClaimDocument } from './claim-documents.ts';
import { handoffRef, releasesOf, type HandoffDocument, type ReleaseDocument } from './handoff-documents.ts';
import { loadGate } from './load-gate.ts';

export interface ExplainQuestion {
  readonly transition: Transition;
  readonly sport: Sport;
  readonly gameDate: GameDate;
  readonly slate: readonly SlateGame[];
  readonly now: EpochMs;
  /** How a release's run ended, by the history; undefined where it has not. */
  readonly endOf: (releaseId: string) => ReleaseFacts['ended'];
}

/** An event that would move a phase run on. */
export interface Move {
  readonly event: 'completion' | 'clock' | 'schedule' | 'sweep' | 'delivery' | 'answers' | 'content';
  /** For people: what exactly. */
  readonly what: string;
  readonly at?: EpochMs;
}

export interface Explanation {
  readonly handoff: string;
  readonly from: string;
  readonly to: string;
  readonly flow: string;
  readonly state: PhaseRunState;
  /** What the gate says now. */
  readonly verdict: GateDecision['verdict'];
  readonly coverage: number;
  readonly reasons: readonly string[];
  readonly dueAt: EpochMs;
  readonly graceEndsAt: EpochMs;
  readonly games: { readonly expected: number; readonly postponed: number };
  readonly releases: readonly { readonly revision: number; readonly verdict: string; readonly games: readonly string[]; readonly missing: readonly string[]; readonly releasedAt: EpochMs; readonly messageId: string | null }[];
  readonly moves: readonly Move[];
}

/** Tells why a phase run is where it is, and which event would move it. Reads only, and decides as the gate would now. */
export async function explainHandoff(state: StateStore, question: ExplainQuestion): Promise<Explanation> {
  const { sport, gameDate, slate, now, endOf } = question;
  const key: HandoffKey = { sport, gameDate, flow: question.transition.flow, phase: question.transition.to };
  const transition = await asJudged(state, question.transition, key);
  const input = await loadGate(state, { transition, key, purpose: 'live', slate, now });
  const decision = decideGate(input, now);
  const releases = (await state.query<ReleaseDocument>({ collection: releasesOf(key) })).map(({ value }) => value);
  const newest = releases.at(-1);
  const claim = newest === undefined ? undefined : await claimOf(state, transition, newest.run.releaseId);
  const release: ReleaseFacts | undefined = newest === undefined ? undefined : { messageId: newest.messageId, claim: claim?.status ?? 'absent', ended: endOf(newest.run.releaseId) };
  const runState = phaseRunState(decision, release);
  return {
    handoff: handoffId(key), from: transition.from, to: transition.to, flow: transition.flow, state: runState,
    verdict: decision.verdict, coverage: decision.coverage, reasons: decision.reasons,
    dueAt: input.dueAt, graceEndsAt: after(input.dueAt, transition.policy.graceMs),
    games: { expected: input.games.filter((game) => game.isExpected).length, postponed: input.games.filter((game) => game.isPostponed).length },
    releases: releases.map(({ run, verdict, releasedAt, messageId }) => ({ revision: run.revision, verdict, games: run.games, missing: run.missing, releasedAt, messageId })),
    moves: movesOf({ runState, decision, input, slate, claim, transition, missing: newest?.run.missing ?? [] }),
  };
}

/** The transition with the threshold by which it was judged last: an operator may have set another than the catalogue's. */
async function asJudged(state: StateStore, transition: Transition, key: HandoffKey): Promise<Transition> {
  const told = (await state.get<HandoffDocument>(handoffRef(key)))?.value;
  return told === undefined ? transition : { ...transition, policy: { ...transition.policy, coverageMin: told.coverageMin } };
}

/** The claim of the function that runs the phase on the release's trigger; loading history bundles triggers, whose claims are not found here. */
async function claimOf(state: StateStore, { to }: Transition, releaseId: string): Promise<ClaimDocument | undefined> {
  if (to === 'phase1' || to === 'phase2') return undefined;
  const topic = triggerTopics[to];
  const receiver = subscriptions.find((subscription) => subscription.topic === topic);
  if (receiver === undefined) return undefined;
  return (await state.get<ClaimDocument>(claimRef(receiver.function, workKeyOf(topic, releaseId))))?.value;
}

interface MoveQuestion {
  readonly runState: PhaseRunState;
  readonly decision: GateDecision;
  readonly input: GateInput;
  readonly slate: readonly SlateGame[];
  readonly claim: ClaimDocument | undefined;
  readonly transition: Transition;
  /** What the newest release went ahead without. */
  readonly missing: readonly string[];
}

function movesOf(question: MoveQuestion): readonly Move[] {
  const { runState, claim } = question;
  switch (runState) {
    case 'collecting':
    case 'blocked':
      return gateMoves(question);
    case 'released':
      return [{ event: 'sweep', what: 'the outbox-sweeper publishes the trigger, at the next full minute' }];
    case 'published':
      return [{ event: 'delivery', what: claim === undefined ? 'the bus delivers the trigger' : `the bus delivers the trigger again: the last attempt ended as ${claim.outcome ?? 'unknown'}` }];
    case 'running':
      if (claim?.status === 'running') return [{ event: 'delivery', what: `${claim.holder} ends its work; after its lease the next delivery takes over`, at: claim.leaseUntil }];
      return [{ event: 'answers', what: 'the workers answer what they were asked for' }];
    case 'degraded':
      return [...missingMoves(question, question.missing), ...newContent(question)];
    case 'failed':
      return [{ event: 'delivery', what: 'the cause is mended and the trigger, which was put aside under `rejected`, sent again with the attribute `redrive`' }, ...newContent(question)];
    case 'complete':
      return newContent(question);
  }
}

/** Nothing moves a run any more whose games have all tipped off or left the slate. */
const newContent = ({ input: { games }, transition: { from, flow } }: MoveQuestion): readonly Move[] =>
  games.some((game) => game.isExpected) ? [{ event: 'content', what: `newer content of any output of ${from} (${flow}) opens the next revision, for its games alone` }] : [];

function gateMoves(question: MoveQuestion): readonly Move[] {
  const { decision } = question;
  if (decision.reasons.includes('no-games-expected')) return [{ event: 'schedule', what: 'a schedule that has games of this date, still to be played' }];
  const pairs = decision.verdict === 'block' ? decision.missing : missingIn(decision.reasons);
  const clock: readonly Move[] = decision.verdict === 'wait' && decision.until !== undefined ? [{ event: 'clock', what: decision.until === question.input.dueAt ? 'the gate is due: it goes ahead without soft inputs' : 'the grace ends: enough of them go ahead without the rest', at: decision.until }] : [];
  const decided: readonly Move[] = 'games' in decision ? [{ event: 'completion', what: 'the set is there: any repetition of a completion decides and releases it' }] : [];
  const slate: readonly Move[] = decision.verdict === 'block' ? [{ event: 'schedule', what: 'a schedule in which the games that lack something are postponed: the gate is looked at every half hour for two days' }] : [];
  return [...decided, ...missingMoves(question, pairs), ...clock, ...slate];
}

/** The pairs behind reasons such as `missing:output|scope`. */
const missingIn = (reasons: readonly string[]): readonly string[] => reasons.filter((reason) => reason.includes('|')).map((reason) => reason.slice(reason.indexOf(':') + 1));

function missingMoves({ slate, transition }: MoveQuestion, pairs: readonly string[]): readonly Move[] {
  return pairs.map((pair): Move => {
    const { output, scope } = partsOfPair(pair);
    const game = slate.find(({ officialId }) => officialId === scope);
    const where = scope === 'slate' ? 'the whole slate' : game === undefined ? scope : `${scope} (${game.away} at ${game.home})`;
    const by = transition.from === 'phase2' ? `, which ${scrapers.filter(({ loads }) => loads === outputNamed(output)?.name).map(({ name }) => name).join(' or ')} brings` : '';
    return { event: 'completion', what: `${output} for ${where}${by}` };
  });
}
