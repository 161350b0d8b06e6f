import { errorKinds, type ErrorCode } from './error-codes.ts';
import type { EpochMs } from './time.ts';

/**
 * What the host does with the message in hand. It says nothing of how loud the fault is.
 *
 * | disposition | for | the host |
 * |---|---|---|
 * | retry | transient: timeout, unavailable, contention | answers 5xx; after the last delivery the retry queue has the work |
 * | reject | a message that can never succeed | records it, answers 2xx, never again |
 * | defer | a fault of our own platform, or a wait that has an end | keeps the message for its end, or behind the probe of its resource; answers 2xx |
 */
export type Disposition = 'retry' | 'reject' | 'defer';

/** Facts of an error, logged as fields and shown to operators; never secrets. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface PipelineErrorOptions {
  /** Stable; the name of a runbook where it raises an alert. */
  readonly code: ErrorCode;
  /** Absent: the code's own. */
  readonly disposition?: Disposition;
  /** What happened, where, and what to do, in one line. */
  readonly message: string;
  readonly facts?: ErrorFacts;
  readonly cause?: unknown;
  /** With `defer`: when to try again. */
  readonly until?: EpochMs;
}

/** The one error type of the workspace: a stable code for people, a disposition for the host. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly code: ErrorCode;
  readonly disposition: Disposition;
  readonly facts: ErrorFacts;
  readonly until: EpochMs | undefined;

  constructor(options: PipelineErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.disposition = options.disposition ?? errorKinds[options.code].disposition;
    this.facts = options.facts ?? {};
    this.until = options.until;
  }
}

/** True for a PipelineError with this code, whatever realm or bundle built it. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
