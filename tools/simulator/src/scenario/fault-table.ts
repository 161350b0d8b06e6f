import type { AlertCause } from '@handoff/catalogue';
import type { FaultKind } from '@handoff/faults';
import type { TargetFamily } from './targets.ts';
import { functionFaults, platformFaults } from './fault-table-platform.ts';
import { messageFaults, sourceFaults } from './fault-table-contents.ts';

/**
 * When people have to be told of a fault.
 *
 * | when | an alert is due |
 * |---|---|
 * | first | at the first occurrence |
 * | lasting | once it has lasted longer than its budget, or has done harm that lasts |
 * | harmful | once it has done harm that lasts: what is repaired in time is no news |
 * | never | it is somebody's decision |
 */
export type AlertWhen = 'first' | 'lasting' | 'harmful' | 'never';

/** One kind of fault on one family of targets: the normative row that schema, validation and documentation come from. */
export interface FaultRow {
  readonly kind: FaultKind;
  readonly family: TargetFamily;
  /** Only these targets of the family; absent: all. */
  readonly only?: readonly string[];
  /** All but these targets of the family, which have a row of their own; absent: none. */
  readonly except?: readonly string[];
  /** What happens while it is active, in one sentence for people. */
  readonly effect: string;
  /** The parameters that change this effect besides at, until, rate and times, with what stands for an absent one. */
  readonly parameters?: Readonly<Partial<Record<'delayMinutes' | 'games' | 'players' | 'processors' | 'point' | 'rate' | 'times', string>>>;
  /** The alert code that names it. Absent: no monitor of the product looks for it yet. */
  readonly cause?: AlertCause;
  /** What it may be called instead, where another part of the product meets it. */
  readonly otherCauses?: readonly AlertCause[];
  readonly alertWhen: AlertWhen;
  /** Minutes from the first occurrence, or from the harm, to the alert. */
  readonly alertBudgetMinutes: number;
  /** True when no person is needed: what became possible again is there in the end. */
  readonly isRecoverable: boolean;
}

/** Every kind on every family of targets that it fits. What is not here is a usage error. */
export const faultTable: readonly FaultRow[] = [...platformFaults, ...messageFaults, ...sourceFaults, ...functionFaults];

const fits = ({ only, except }: FaultRow, target: string): boolean => (only?.includes(target) ?? true) && except?.includes(target) !== true;

/** The row of a kind on a target; undefined where it does not fit. */
export const rowOf = (kind: string, target: string): FaultRow | undefined =>
  faultTable.find((row) => row.kind === kind && (target === row.family || target.startsWith(`${row.family}:`)) && fits(row, target));
