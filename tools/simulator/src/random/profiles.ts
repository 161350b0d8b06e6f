import type { FaultKind } from '@handoff/faults';
import { faultTable } from '../scenario/fault-table.ts';
import type { TargetFamily } from '../scenario/targets.ts';

/** How often a kind of fault is drawn, and how much of it there is. */
export interface FaultTemplate {
  readonly kind: FaultKind;
  readonly family: TargetFamily;
  /** The share of calls, messages or firings: drawn up to this. Absent: all. */
  readonly rateMax?: number;
  /** Minutes that it lasts: drawn up to this. Absent: the whole run. */
  readonly lastsMinutesMax?: number;
  /** Strikes: drawn up to this. Absent: as often as it can. */
  readonly timesMax?: number;
}

const of = (family: TargetFamily, kinds: readonly FaultKind[], much: Pick<FaultTemplate, 'rateMax' | 'lastsMinutesMax' | 'timesMax'>): readonly FaultTemplate[] => kinds.map((kind) => ({ family, kind, ...much }));

/** What a system of this size meets in a week: messages that repeat, short outages, dying instances, a source that is away. */
const usual: readonly FaultTemplate[] = [
  ...of('bus', ['duplicate', 'reorder', 'delay'], { rateMax: 0.2 }),
  ...of('bus', ['unavailable', 'error', 'timeout'], { rateMax: 0.05 }),
  ...of('state', ['unavailable', 'error', 'timeout', 'latency'], { rateMax: 0.01 }),
  ...of('state', ['permission-denied', 'unavailable'], { lastsMinutesMax: 45 }),
  ...of('warehouse', ['unavailable', 'error', 'latency'], { rateMax: 0.02 }),
  ...of('warehouse', ['permission-denied', 'quota-exceeded', 'streaming-buffer', 'unavailable'], { lastsMinutesMax: 45 }),
  ...of('objects', ['unavailable', 'error', 'latency'], { rateMax: 0.05 }),
  ...of('function', ['crash', 'out-of-memory', 'timeout', 'latency'], { timesMax: 3 }),
  ...of('function', ['unavailable', 'error'], { lastsMinutesMax: 10 }),
  ...of('scheduler', ['duplicate', 'delay'], { rateMax: 0.2 }),
  ...of('source', ['unavailable', 'rate-limited', 'latency', 'malformed'], { rateMax: 0.2 }),
  ...of('source', ['alias-names'], {}),
];

/** Everything that the table says can be recovered from, for longer. */
const harsh: readonly FaultTemplate[] = faultTable.filter(({ isRecoverable, kind }) => isRecoverable && kind !== 'disable-source').map(({ kind, family }) => ({ kind, family, rateMax: 0.5, lastsMinutesMax: 360 }));

export const profiles: Readonly<Record<string, readonly FaultTemplate[]>> = { default: usual, harsh };
export const profileNames = Object.keys(profiles);
