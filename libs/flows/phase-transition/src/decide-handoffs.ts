import { dueTopic, triggerTopics, type Transition } from '@handoff/catalogue';
import { after, epochMs, hasCode, hours, minutes, PipelineError, type EpochMs, type GameDate, type GateDue, type OfficialGameId, type PhaseRun, type Purpose, type Sport } from '@handoff/contracts';
import { decideGate, handoffId, releaseId, reopened, triggerOf, type GateDecision, type HandoffKey } from '@handoff/handoff';
import { commitWithOutbox, type OutboxEntry } from '@handoff/outbox';
import type { FlowContext, FlowReport, StateStore, StateWrite } from '@handoff/ports';
import { loadSlates, type Slates } from '@handoff/read-models';
import { dueAtOf, handoffRef, loadGate, releasesOf, type HandoffDocument, type ReleaseDocument } from '@handoff/handoff-state';
import { gateSubject, reportGate, type ReportedGate } from './report-gate.ts';

export interface HandoffQuestion {
  readonly transition: Transition;
  readonly sport: Sport;
  readonly purpose: Purpose;
  /** Ascending. */
  readonly dates: readonly GameDate[];
  /** Games whose release counts as none, see GateDue; empty: the whole slate. */
  readonly again?: readonly OfficialGameId[];
  /** The moment that this look was arranged for: whoever arranged it may have a clock that is ahead of ours. */
  readonly notBefore?: EpochMs;
}

/** The transition with an operator's coverage threshold in place of the catalogue's. */
export const withThreshold = (transition: Transition, coverageMin: number | undefined): Transition =>
  coverageMin === undefined ? transition : { ...transition, policy: { ...transition.policy, coverageMin } };

/** One hand-off and what its gate decided. */
export interface Decided {
  readonly key: HandoffKey;
  readonly decision: GateDecision;
}

/** How often a gate that is blocked or in error is looked at, and, blocked, for how long after it was due: a slate that still changes then is history. */
const blockedLookEvery = minutes(30);
const blockedLooksFor = hours(48);

/** Rounds of losing the race for a revision; each loss means that another instance released, so this ends. */
const roundsMax = 5;

/**
 * Decides the hand-offs of some dates and applies what was decided: releases and their trigger in one atomic
 * batch, alerts, and a second look when a gate is due. Of two instances that decide at once one wins the
 * `create()` of the release; the other looks again, since the winner may not have seen its completion.
 */
export async function decideHandoffs(question: HandoffQuestion, context: FlowContext): Promise<FlowReport> {
  for (let round = 1; round <= roundsMax; round += 1) {
    const decided = await decideAll(question, context);
    try {
      await release(question, decided, context);
    } catch (error) {
      if (hasCode(error, 'state-already-exists')) continue;
      throw error;
    }
    for (const one of decided) await settle(question, one, context);
    return reportOf(decided);
  }
  throw new PipelineError({ code: 'handoff-contended', disposition: 'retry', message: `the releases of ${question.dates.join(', ')} changed ${roundsMax} times while they were decided`, facts: { dates: question.dates } });
}

async function decideAll(question: HandoffQuestion, context: FlowContext): Promise<readonly Decided[]> {
  const { transition, purpose, dates, again } = question;
  const { ports } = context;
  const now = momentOf(question, ports.clock.now());
  const slates = await readSlates(question, context);
  const decided: Decided[] = [];
  for (const gameDate of dates) {
    const key = keyOf(question, gameDate);
    const input = await loadGate(ports.state, { transition, key, purpose, slate: slates === 'unreadable' ? slates : (slates.get(gameDate) ?? []), now });
    const decision = decideGate(again === undefined ? input : reopened(input, again), now);
    decided.push({ key, decision: slates === 'unreadable' && decision.verdict !== 'unchanged' ? { ...decision, reasons: ['slate-unreadable', ...decision.reasons] } : decision });
  }
  return decided;
}

const keyOf = ({ sport, transition }: HandoffQuestion, gameDate: GameDate): HandoffKey => ({ sport, gameDate, flow: transition.flow, phase: transition.to });

const momentOf = ({ notBefore }: HandoffQuestion, now: EpochMs): EpochMs => (notBefore !== undefined && notBefore > now ? notBefore : now);

/**
 * A gate whose slate cannot be read is in error, and says so. On correctness it stays closed: the error goes on, and
 * the message comes again. On time alone it opens, for what has completed, and is looked at again soon: nothing else
 * need come that would find it right.
 */
async function readSlates(question: HandoffQuestion, context: FlowContext): Promise<Slates | 'unreadable'> {
  const { transition, dates } = question;
  const { ports, log } = context;
  const [from, until] = [dates[0], dates.at(-1)];
  if (from === undefined || until === undefined) return new Map();
  const subject = gateSubject(transition.to, transition.flow);
  try {
    const slates = await loadSlates(ports, from, until);
    await ports.notifier.resolve('gate-error', subject, ports.clock.now());
    return slates;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const { onError } = transition.policy;
    log.error({ error, code: error.code, gate: subject, onError }, 'gate in error');
    await ports.notifier.alert({ cause: 'gate-error', subject, severity: 'error', title: `the gate ${transition.from} to ${transition.to} cannot read its slate and is ${onError}`, facts: { code: error.code, message: error.message, from, until, onError }, at: ports.clock.now() });
    if (onError === 'closed') throw error;
    for (const gameDate of dates) await lookAgain(question, keyOf(question, gameDate), nextHalfHour(ports.clock.now()), context);
    return 'unreadable';
  }
}

async function release({ transition, sport, purpose }: HandoffQuestion, decided: readonly Decided[], { ports, correlationId }: FlowContext): Promise<void> {
  const now = ports.clock.now();
  const releasing = decided.flatMap(({ key, decision }) => (isRelease(decision) ? [{ key, decision, run: runOf(key, decision) }] : []));
  if (releasing.length === 0) return;
  const { to } = transition;
  if (to === 'phase1' || to === 'phase2') throw new PipelineError({ code: 'transition-invalid', disposition: 'reject', message: `nothing hands off to ${to}` });
  const trigger = triggerOf(releasing.map(({ run }) => run), { sport, purpose, phase: to, flow: transition.flow });
  const documents = releasing.map(({ key, decision: { verdict, coverage, reasons, revision, consumed }, run }) => {
    const value: ReleaseDocument = { run, triggerId: trigger.triggerId, purpose, consumed, verdict, coverage, reasons, releasedAt: now, messageId: null };
    return { ref: { collection: releasesOf(key), id: `r${String(revision).padStart(4, '0')}` }, value };
  });
  const entry: OutboxEntry = { topic: triggerTopics[to], message: { key: trigger.triggerId, payload: trigger, correlationId }, confirms: documents.map(({ ref }) => ref) };
  await commitWithOutbox(ports, {
    now,
    entries: [entry],
    writes: documents.map(({ ref, value }): StateWrite => ({ kind: 'create', ref, value })),
  });
}

type Release = Extract<GateDecision, { readonly verdict: 'release' | 'release-degraded' }>;

const isRelease = (decision: GateDecision): decision is Release => decision.verdict === 'release' || decision.verdict === 'release-degraded';

const runOf = (key: HandoffKey, { verdict, revision, games, missing, upgrades, sourceVersionAt }: Release): PhaseRun =>
  ({ gameDate: key.gameDate, revision, releaseId: releaseId(key, revision), games: [...games], isDegraded: verdict === 'release-degraded', missing: [...missing], upgrades, sourceVersionAt });

async function settle(question: HandoffQuestion, { key, decision }: Decided, context: FlowContext): Promise<void> {
  const { state, clock } = context.ports;
  const told = (await state.get<HandoffDocument>(handoffRef(key)))?.value;
  if (decision.verdict === 'unchanged') return settleEarlier(question, { key, told, revision: decision.revision }, context);
  const until = nextLookAt(question, key, decision, momentOf(question, clock.now()));
  // Told after the second look was arranged: who finds it told has nothing to do but to wait.
  if (decision.verdict === 'wait' && told?.verdict === 'wait' && told.until === until) return;
  if (until !== null) await lookAgain(question, key, until, context);
  const revision = 'revision' in decision ? decision.revision : 0;
  // Another has released meanwhile: what this one saw is over.
  if (told !== undefined && told.revision > revision) return;
  await tell(question, key, { ...decision, until, revision, decidedAt: clock.now() }, context);
}

/**
 * When a gate is to be looked at again although nothing came. One that is blocked may be moved by a game that leaves
 * the slate, or by an operator's threshold, which completes nothing: it is looked at every half hour for two days.
 */
function nextLookAt({ transition }: HandoffQuestion, { gameDate }: HandoffKey, decision: GateDecision, now: EpochMs): EpochMs | null {
  if (decision.verdict === 'wait') return decision.until ?? null;
  if (decision.verdict !== 'block') return null;
  const next = nextHalfHour(now);
  return next > after(dueAtOf(transition, gameDate), blockedLooksFor) ? null : next;
}

/** The same for all who ask within a half hour: what they arrange is one look. */
const nextHalfHour = (now: EpochMs): EpochMs => epochMs(Math.floor(now / blockedLookEvery + 1) * blockedLookEvery);

interface Earlier {
  readonly key: HandoffKey;
  readonly revision: number;
  /** What was told last. */
  readonly told: HandoffDocument | undefined;
}

/** A crash after a release took its report with it: who finds the release untold tells it. */
async function settleEarlier(question: HandoffQuestion, { key, told, revision }: Earlier, context: FlowContext): Promise<void> {
  const { state } = context.ports;
  if (told?.revision === revision) return;
  const releases = await state.query<ReleaseDocument>({ collection: releasesOf(key) });
  const newest = releases.find(({ value }) => value.run.revision === revision)?.value;
  if (newest === undefined) return;
  await tell(question, key, { verdict: newest.verdict, coverage: newest.coverage, reasons: newest.reasons, missing: newest.run.missing, until: null, revision, decidedAt: newest.releasedAt }, context);
}

interface Told extends ReportedGate {
  readonly until: EpochMs | null;
  readonly revision: number;
  readonly decidedAt: EpochMs;
}

async function tell({ transition }: HandoffQuestion, key: HandoffKey, gate: Told, context: FlowContext): Promise<void> {
  const { state, notifier, clock } = context.ports;
  await reportGate(key, gate, context);
  const { verdict, coverage, reasons, until, revision, decidedAt } = gate;
  const { coverageMin } = transition.policy;
  const document: HandoffDocument = { sport: key.sport, gameDate: key.gameDate, flow: key.flow, from: transition.from, to: key.phase, verdict, coverage, coverageMin, reasons, until, revision, decidedAt };
  const newest = await note(state, key, document);
  // A release was told while this block was: its resolve came before our alert.
  if (verdict === 'block' && newest > revision) await notifier.resolve('gate-blocked', handoffId(key), clock.now());
}

/** Tries of a document that others write at the same time. A wait is tried once: whatever another wrote is as new. */
const noteAttemptsMax = 20;

/** Notes what was told unless a later revision was, or another has noted this release already; answers the newest revision that was noted. */
async function note(state: StateStore, key: HandoffKey, document: HandoffDocument): Promise<number> {
  const ref = handoffRef(key);
  for (let attempt = 1; ; attempt += 1) {
    const known = await state.get<HandoffDocument>(ref);
    const noted = known?.value.revision ?? 0;
    if (noted > document.revision || (noted === document.revision && noted > 0 && known?.value.verdict === document.verdict)) return noted;
    try {
      if (known === undefined) await state.create(ref, document);
      else await state.update(ref, document, known.version);
      return document.revision;
    } catch (error) {
      if (!hasCode(error, 'state-already-exists') && !hasCode(error, 'state-version-conflict')) throw error;
      if (document.verdict === 'wait') return document.revision;
      if (attempt === noteAttemptsMax) throw error;
    }
  }
}

async function lookAgain(question: HandoffQuestion, key: HandoffKey, dueAt: EpochMs, { ports, correlationId }: FlowContext): Promise<void> {
  const { transition, sport, purpose } = question;
  const payload: GateDue = { sport, purpose, app: transition.app, flow: key.flow, to: key.phase, gameDate: key.gameDate, dueAt };
  await ports.delays.schedule(dueTopic(transition.app), { key: `${handoffId(key)}_due_${dueAt}`, payload, correlationId }, dueAt);
}

function reportOf(decided: readonly Decided[]): FlowReport {
  const [released, ...further] = decided.flatMap(({ key, decision }) => ('games' in decision ? [{ key, decision }] : []));
  const [first] = decided;
  if (released === undefined) return { outcome: first?.decision.verdict ?? 'nothing-to-decide', facts: { coverage: first?.decision.coverage ?? null } };
  const { key, decision } = released;
  return { outcome: 'released', facts: { releases: further.length + 1, first: key.gameDate, verdict: decision.verdict, revision: decision.revision, games: decision.games.length } };
}
