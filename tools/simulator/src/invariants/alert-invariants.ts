import { alertCodes, type AlertCode, type Severity } from '@handoff/catalogue';
import { isoInstant, type EpochMs } from '@handoff/contracts';
import type { Fault } from '@handoff/faults';
import type { FaultRow } from '../scenario/fault-table.ts';
import type { TargetFamily } from '../scenario/targets.ts';
import type { ToldAlert } from '../outcome/outcome.ts';
import { alertsBeyondClean, consequences } from './alerts-of-run.ts';
import { endedTooSoon } from './healing-time.ts';
import { harmedAt, harmsOf, type Harm } from './harm.ts';
import { cutOffSpan } from '../world/function-process.ts';
import { followsFromTimeBound, isUnknowable } from './reported.ts';
import type { Evidence, Invariant, JudgedFault } from './invariant.ts';

const causesOf = ({ cause, otherCauses = [] }: FaultRow): readonly string[] => (cause === undefined ? otherCauses : [cause, ...otherCauses]);

/** What strikes some calls and lets others through is no outage: it is judged by its harm. */
const isWhole = ({ rate, times, games, players, processors }: Fault): boolean => [rate, times, games, players, processors].every((narrowed) => narrowed === undefined);

const stores: ReadonlySet<TargetFamily> = new Set<TargetFamily>(['state', 'warehouse', 'objects']);

/** A store that refuses some calls alone: what the next try gets through, as the row of a log, is no news, and the rest is harm. */
const isPassing = ({ fault: { rate }, row: { family } }: JudgedFault): boolean => rate !== undefined && rate < 1 && stores.has(family);

/** When an alert about a fault was due at the latest; undefined while it needs none. */
export function alertDueAt(judged: JudgedFault, harms: readonly Harm[]): number | undefined {
  const { fault, row, firstAt, lastAt } = judged;
  const budget = row.alertBudgetMinutes * 60_000;
  if (row.alertWhen === 'never') return undefined;
  if (row.alertWhen === 'first' && !isPassing(judged)) return firstAt + budget;
  if (row.alertWhen === 'lasting' && isWhole(fault) && lastAt - firstAt > budget) return firstAt + budget;
  const harmed = harmedAt(harms);
  return harmed === undefined ? undefined : Math.max(firstAt, harmed) + budget;
}

/**
 * The first alert that speaks of a fault: by its own cause, or by what followed from it where no louder fault explains
 * that. An alert is dated by the beginning of the call that raises it: what struck in that call may be younger, by the
 * longest that a call takes.
 */
export function alertOf(fault: JudgedFault, { faults }: Pick<Evidence, 'faults'>, alerts: readonly ToldAlert[]): ToldAlert | undefined {
  const { row, firstAt } = fault;
  const isOverheard = row.alertWhen === 'harmful' && faults.some((other) => other.row.alertWhen !== 'harmful');
  const speaks = ({ cause }: ToldAlert): boolean => causesOf(row).includes(cause) || (row.alertWhen !== 'first' && !isOverheard && consequences.has(cause));
  const isOfItsLook = ({ at, cause, resolvedAt }: ToldAlert): boolean => at >= firstAt - cutOffSpan && causesOf(row).includes(cause) && (resolvedAt ?? Infinity) >= firstAt;
  return alerts.filter((alert) => alert.at >= firstAt || isOfItsLook(alert)).find(speaks);
}

/** Harm is told once, whichever of the faults did it. */
const isHarmTold = ({ row, firstAt, lastAt }: JudgedFault, dueAt: number, alerts: readonly ToldAlert[]): boolean =>
  row.alertWhen !== 'first' && (row.alertWhen === 'harmful' || lastAt - firstAt <= row.alertBudgetMinutes * 60_000) && alerts.some(({ at }) => at <= dueAt);

export const alertsWithinBudget: Invariant = {
  name: 'alerts-within-budget',
  promise: 'Every fault that mattered has an alert within its budget.',
  violations: (evidence) => {
    const harms = harmsOf(evidence).filter((harm) => !isUnknowable(harm, evidence)).filter((harm) => harm.kind === 'missing' || (harm.recovery === 'convergent' && !followsFromTimeBound(harm, evidence)));
    const alerts = alertsBeyondClean(evidence);
    return evidence.faults.flatMap((fault): string[] => {
      const dueAt = alertDueAt(fault, harms);
      if (dueAt === undefined || dueAt > evidence.run.endedAt) return [];
      if (isHarmTold(fault, dueAt, alerts)) return [];
      const alert = alertOf(fault, evidence, alerts);
      const name = `${fault.fault.kind} on ${fault.fault.target}`;
      const wanted = fault.row.cause ?? 'no monitor looks for it yet';
      if (alert === undefined) return [`${name}: no alert by ${isoInstant(dueAt as EpochMs)} (${wanted})`];
      return alert.at > dueAt ? [`${name}: the alert ${alert.cause} came at ${isoInstant(alert.at)}, due by ${isoInstant(dueAt as EpochMs)}`] : [];
    });
  },
};

export const noAlertWithoutCause: Invariant = {
  name: 'no-alert-without-cause',
  promise: 'No alert has no cause among the faults that struck.',
  violations: (evidence) => {
    const causes = new Set<string>(evidence.faults.flatMap(({ row }) => causesOf(row)));
    const since = Math.min(...evidence.faults.map(({ firstAt }) => firstAt));
    const isExplained = ({ cause, at }: ToldAlert): boolean => at >= since && (causes.has(cause) || consequences.has(cause));
    return alertsBeyondClean(evidence).filter((alert) => !isExplained(alert)).map(({ cause, subject, at }) => `${cause} (${subject}) at ${isoInstant(at)}`);
  },
};

export const toldAsSaid: Invariant = {
  name: 'told-as-said',
  promise: 'People hear of the incidents that the scenario names, and of no others, where it names any.',
  notJudged: ({ told }) => (told === undefined ? 'the scenario does not say of what people hear' : undefined),
  violations: (evidence) => {
    const { told = [] } = evidence;
    const heard = alertsBeyondClean(evidence).map(({ cause, subject, at }) => ({ name: `${cause} ${subject}`, at }));
    const unsaid = heard.filter(({ name }) => !told.includes(name)).map(({ name, at }) => `people heard of ${name} at ${isoInstant(at)}`);
    return [...unsaid, ...told.filter((name) => !heard.some((one) => one.name === name)).map((name) => `nobody heard of ${name}`)];
  },
};

/** Causes whose incidents end when somebody looks and sees that it is over. */
const ending: ReadonlySet<string> = new Set((alertCodes as readonly AlertCode[]).filter(({ isResolved }) => isResolved === true).map(({ code }) => code));

/** What people are reminded of, ever louder, until it has ended; a warning is told once. */
const reminding: ReadonlySet<Severity> = new Set<Severity>(['error', 'critical']);

/** Whether people are still reminded of an incident, though whoever raised it also says when it is over. */
export const isLeftOpen = ({ cause, worst, isOpen }: ToldAlert): boolean => isOpen && ending.has(cause) && reminding.has(worst);

export const incidentsEnd: Invariant = {
  name: 'incidents-end-with-their-causes',
  promise: 'When the machine has had its time to heal, people are reminded of nothing: no error is open whose end is told by whoever raised it.',
  notJudged: (evidence) => {
    const lasting = evidence.faults.find(({ row }) => !row.isRecoverable);
    return lasting === undefined ? endedTooSoon(evidence) : `${lasting.fault.kind} on ${lasting.fault.target} takes people to mend`;
  },
  violations: (evidence) =>
    alertsBeyondClean(evidence).filter(isLeftOpen).map(({ cause, subject, openedAt }) => `${cause} (${subject}) of ${isoInstant(openedAt)} is open still`),
};
