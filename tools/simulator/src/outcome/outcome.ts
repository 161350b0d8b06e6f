import { listBreakers } from '@handoff/breakers';
import type { Severity } from '@handoff/catalogue';
import type { EpochMs, GameDate, Sport } from '@handoff/contracts';
import { allGaps } from '@handoff/gap-ledger';
import { isOpen, type Gap } from '@handoff/ledger';
import type { FiredFault } from '@handoff/faults';
import { outboxCollections } from '@handoff/outbox';
import { signatureOf, type Incident } from '@handoff/incidents';
import type { TakenAlert } from '../world/alert-book.ts';
import type { Simulation } from '../world/simulated-system.ts';
import type { Effects, EffectCounts } from './effects.ts';
import { readContents, type Contents } from './read-contents.ts';
import { readReleases, readToldRuns, type KeptRelease, type ToldRun } from './read-handoffs.ts';
import { readLedger, type LedgerEntry } from './read-ledger.ts';

export interface Counts extends EffectCounts {
  readonly messages: number;
  readonly warehouseStatements: number;
  readonly loadJobs: number;
}

/** What is still under way when a run ends. */
export interface Unfinished {
  readonly outbox: number;
  readonly deferred: number;
  readonly queued: number;
  /** What should exist and does not. */
  readonly gaps: number;
  /** What is not called for a while yet, by kind and subject: one whose time is over is tried by the next call. */
  readonly breakers: readonly string[];
}

/** What reached people, and what became of the incident behind it. */
export interface ToldAlert extends TakenAlert {
  /** True while its incident is open; a channel that was away may not have heard of the end. */
  readonly isOpen: boolean;
  /** The loudest that the incident has been. */
  readonly worst: Severity;
}

/** Everything that a run left behind and that its verdict is made of: what the stores hold, and what reached people. */
export interface Outcome {
  readonly ledger: readonly LedgerEntry[];
  readonly contents: Contents;
  readonly releases: readonly KeptRelease[];
  readonly toldRuns: readonly ToldRun[];
  readonly alerts: readonly ToldAlert[];
  readonly counts: Counts;
  readonly unfinished: Unfinished;
  /** Every gap that there was, as it ended or stands. */
  readonly gaps: readonly Gap[];
  readonly doneTwice: readonly string[];
  readonly endedAt: EpochMs;
}

/** The outcome of a run, and how often each of its faults struck. */
export interface FaultedOutcome extends Outcome {
  readonly faults: readonly FiredFault[];
}

export interface Range {
  readonly sport: Sport;
  readonly from: GameDate;
  readonly to: GameDate;
}

/** Reads the outcome out of the stores themselves, past every fault. */
export async function readOutcome({ system, plan, alerts, published }: Simulation, effects: Effects, { sport, from, to }: Range): Promise<FaultedOutcome> {
  const { ports, bus } = system.system;
  const { statements, loadJobs } = ports.warehouse.counters();
  const counts: Counts = {
    ...effects.counts(),
    messages: [...published.values()].reduce((sum, count) => sum + count, 0),
    warehouseStatements: statements, loadJobs,
  };
  const outboxes = await Promise.all(outboxCollections.map((collection) => ports.state.query({ collection })));
  const gaps = await allGaps(ports.state);
  const deferred = await ports.state.query({ collection: 'deferred' });
  const breakers = await listBreakers(ports.state);
  return {
    ledger: await readLedger(ports.warehouse, from, to),
    contents: await readContents(ports.warehouse, from, to),
    releases: await readReleases(ports.state, sport, from, to),
    toldRuns: await readToldRuns(ports.warehouse, from, to),
    alerts: withIncidents(alerts.alerts, await system.system.notifier.incidents()),
    counts,
    unfinished: { outbox: outboxes.flat().length, deferred: deferred.length, queued: bus.depth(), gaps: gaps.filter(isOpen).length, breakers: breakers.filter(({ state, until }) => state === 'open' && until !== null && until > ports.clock.now()).map(({ kind, subject }) => `${kind} ${subject}`) },
    gaps,
    doneTwice: effects.doneTwice(),
    endedAt: ports.clock.now(),
    faults: plan.fired(),
  };
}

/** Of each alert what only its incident knows: what was attached to it after its last notice, and whether it is over. */
function withIncidents(alerts: readonly TakenAlert[], incidents: readonly Incident[]): readonly ToldAlert[] {
  const known = new Map(incidents.map((incident) => [`${signatureOf(incident.cause, incident.subject)}|${incident.openedAt}`, incident]));
  return alerts.map((alert) => {
    const incident = known.get(`${signatureOf(alert.cause, alert.subject)}|${alert.openedAt}`);
    // A later incident of the same signature has taken the place of one that is over.
    return { ...alert, count: incident?.count ?? alert.count, isOpen: incident?.resolvedAt === null, worst: incident?.severity ?? alert.severity };
  });
}
