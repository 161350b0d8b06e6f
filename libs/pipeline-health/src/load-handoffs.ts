import { decisionLookBackHours, subscriptions, transitions, triggerTopics, type Topic, type Transition } from '@handoff/catalogue';
import { after, before, hours, type EpochMs, type GameDate, type Sport } from '@handoff/contracts';
import { triggerOf, type HandoffKey } from '@handoff/handoff';
import { claimRef, dueAtOf, handoffRef, releasesOf, workKeyOf, type ClaimDocument, type HandoffDocument, type ReleaseDocument } from '@handoff/handoff-state';
import type { Ports, StateStore } from '@handoff/ports';
import { loadSlates } from '@handoff/read-models';
import { addDays, dueTime, gameDateOf, type SlateGame } from '@handoff/slate';
import type { ReleasedRun } from '@handoff/validation';
import { lastBefore } from './load-decisions.ts';

/** One hand-off of one date, as it stands. */
export interface StandingHandoff {
  readonly name: string;
  readonly gameDate: GameDate;
  readonly transition: Transition;
  readonly graceEndsAt: EpochMs;
  readonly judged: HandoffDocument | undefined;
  readonly releases: readonly SentRun[];
}

/** Something that was asked of a function, and the message that asks for it. */
export interface SentRun extends ReleasedRun {
  /** Sent again it is the same message; absent of a release that the outbox has still, and of one that went out with others: those are history, and made up for by their gaps. */
  readonly message?: { readonly topic: Topic; readonly key: string; readonly payload: Readonly<Record<string, unknown>> };
}

export interface RecentSlates {
  readonly today: GameDate;
  readonly slates: ReadonlyMap<GameDate, readonly SlateGame[]>;
}

/** The slates whose work is not over: tonight's, and last night's. */
export async function loadRecentSlates(ports: Ports, now: EpochMs): Promise<RecentSlates> {
  const today = gameDateOf(now);
  return { today, slates: await loadSlates(ports, addDays(today, -1), today) };
}

/** Games that are not postponed: without one a date calls for nothing. */
export const playedOn = ({ slates }: RecentSlates, date: GameDate): readonly SlateGame[] => (slates.get(date) ?? []).filter(({ status }) => status !== 'postponed');

/**
 * True where the controller had begun to decide when the date began: a history that was loaded stops where nobody waits
 * for it. Not by the ledger: the monitor works without the warehouse, and watches the planner too (docs/adr/0040-lived-through-by-what-is-expected.md).
 */
async function wasLived(state: StateStore, sport: Sport, date: GameDate): Promise<boolean> {
  const beganAt = dueTime(date, { days: 0, hour: 7, minute: 0 });
  return (await lastBefore(state, sport, { since: beganAt, oldest: before(beganAt, hours(decisionLookBackHours)) })) !== undefined;
}

/** Every hand-off that the recent slates call for, of dates that were lived through. */
export async function loadHandoffs({ state }: Ports, sport: Sport, recent: RecentSlates): Promise<readonly StandingHandoff[]> {
  const found: StandingHandoff[] = [];
  for (const gameDate of [...recent.slates.keys()].filter((date) => playedOn(recent, date).length > 0)) {
    if (!(await wasLived(state, sport, gameDate))) continue;
    for (const transition of transitions) {
      const key = { sport, gameDate, flow: transition.flow, phase: transition.to } as const;
      const judged = (await state.get<HandoffDocument>(handoffRef(key)))?.value;
      found.push({
        name: `${transition.from} to ${transition.to} of ${gameDate} (${transition.flow})`, gameDate, transition, judged,
        graceEndsAt: after(dueAtOf(transition, gameDate), transition.policy.graceMs),
        releases: (judged?.revision ?? 0) === 0 ? [] : await loadReleases(state, key, transition),
      });
    }
  }
  return found;
}

/**
 * Every release of a hand-off that is not made up for: one that was lost stays lost, however many others of other games
 * come after it.
 */
async function loadReleases(state: StateStore, key: HandoffKey, { to, flow }: Transition): Promise<readonly SentRun[]> {
  if (to === 'phase1' || to === 'phase2') return [];
  const topic = triggerTopics[to];
  const receiver = subscriptions.find((subscription) => subscription.topic === topic);
  const releases = await state.query<ReleaseDocument>({ collection: releasesOf(key) });
  const standing: SentRun[] = [];
  const [taken, ended] = [new Set<string>(), new Set<string>()];
  for (const { value: { run, triggerId, purpose, releasedAt, messageId } } of releases.toReversed()) {
    if (isCovered(run.games, ended)) continue;
    const claim = receiver === undefined ? undefined : (await state.get<ClaimDocument>(claimRef(receiver.function, workKeyOf(topic, triggerId))))?.value;
    const work = workOf(claim);
    if (work !== 'absent') for (const game of run.games) taken.add(game);
    if (claim?.status === 'done') for (const game of run.games) ended.add(game);
    if (work !== 'absent' || !isCovered(run.games, taken)) standing.push({ releaseId: run.releaseId, releasedAt, work, ...(messageId === null || triggerId !== run.releaseId ? {} : { message: { topic, key: triggerId, payload: triggerOf([run], { sport: key.sport, purpose, phase: to, flow }) } }) });
  }
  return standing;
}

/** True where a later release has every game of this one: it was made from what this one would have been made from, or newer. */
const isCovered = (games: readonly string[], later: ReadonlySet<string>): boolean => games.length > 0 && games.every((game) => later.has(game));

function workOf(claim: ClaimDocument | undefined): ReleasedRun['work'] {
  if (claim === undefined) return 'absent';
  return claim.status === 'done' || claim.status === 'rejected' ? 'ended' : 'begun';
}
