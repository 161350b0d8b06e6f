import type { DurationMs, EpochMs } from '@handoff/contracts';

/** Where the decorated flow can be killed: around the whole work, and after each write that was acknowledged. */
export const crashPoints = ['before-work', 'after-work', 'after-commit', 'after-publish'] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** What can go wrong. What each does to which target is the table of tools/simulator; the decorators here do it. */
export const faultKinds = [
  'permission-denied', 'unavailable', 'error', 'latency', 'timeout', 'not-found', 'quota-exceeded', 'streaming-buffer', 'schema-mismatch',
  'duplicate', 'drop', 'reorder', 'delay', 'malformed', 'unknown-path',
  'missing-games', 'empty', 'empty-then-good', 'partial', 'stale', 'corrected-later', 'reversed-teams', 'alias-names', 'rate-limited', 'blocked',
  'crash', 'out-of-memory', 'wrong-revision', 'missing-config', 'paused', 'skew', 'defaults-replace-features', 'disable-source',
] as const;
export type FaultKind = (typeof faultKinds)[number];

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
  /** The share concerned, drawn from the seed; absent: all. Of calls, or of what an answer holds where the kind changes answers. */
  readonly rate?: number;
  /** Fires this often at most. */
  readonly times?: number;
  /** How long a call or a message is held up, an answer lags or errs, or by how much a `skew` is off (it may be negative). */
  readonly span?: DurationMs;
  /** Where a `crash` strikes. */
  readonly point?: CrashPoint;
  /** Official ids: only what is about these games. */
  readonly games?: readonly string[];
  /** Only what is about these players, as sources write them or as lookups. */
  readonly players?: readonly string[];
  /** Only what these processors or outputs make, however they are written. */
  readonly processors?: readonly string[];
}

/** How often a fault has struck, and when. */
export interface FiredFault {
  readonly fault: Fault;
  readonly fired: number;
  /** Absent while it has not struck. */
  readonly firstAt?: EpochMs;
  readonly lastAt?: EpochMs;
}
