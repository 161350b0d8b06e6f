import type { DurationMs, EpochMs } from '@handoff/contracts';

/** Where the decorated flow can be killed: around the whole work, and after each write that was acknowledged. */
export type CrashPoint = 'before-work' | 'after-work' | 'after-commit' | 'after-publish';

export type FaultKind =
  | 'permission-denied' | 'unavailable' | 'error' | 'timeout' | 'not-found' | 'quota-exceeded' | 'streaming-buffer' | 'schema-mismatch'
  | 'duplicate' | 'drop' | 'reorder' | 'delay'
  | 'rate-limited' | 'blocked' | 'malformed' | 'empty' | 'missing-games' | 'partial' | 'stale'
  | 'paused' | 'skew' | 'crash';

/**
 * Something that goes wrong, as a value. It concerns the calls to its target while it is active; every other
 * field narrows that down.
 */
export interface Fault {
  /** `state`, `warehouse`, `warehouse:<dataset.table>`, `bus`, `bus:<topic>`, `objects`, `source:<scraper>`, `function:<app>` ... */
  readonly target: string;
  readonly kind: FaultKind;
  /** Active from this instant on; absent: from the start. */
  readonly at?: EpochMs;
  /** Active before this instant; absent: to the end. */
  readonly until?: EpochMs;
  /** The share of calls concerned, drawn from the seed; absent: all. */
  readonly rate?: number;
  /** Fires this often at most. */
  readonly times?: number;
  /** How long a `delay` holds a message, at most how long a `reorder` does, and by how much a `skew` is off (it may be negative). */
  readonly span?: DurationMs;
  /** Where a `crash` strikes. */
  readonly point?: CrashPoint;
}

/** How often a fault has struck. */
export interface FiredFault {
  readonly fault: Fault;
  readonly fired: number;
}
