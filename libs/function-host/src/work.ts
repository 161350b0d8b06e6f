import type { JobName } from '@handoff/catalogue';
import type { PhaseTriggered, PipelineError } from '@handoff/contracts';
import type { FlowContext, FlowReport, OutgoingMessage } from '@handoff/ports';
import type { Attempted } from './history.ts';

/** 2xx: settled, do not send again. 5xx: send again. The body is for people. */
export interface HostResponse {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A unit of work, as a request asks for it. */
export interface Work {
  /** Names the work among all of this function's. */
  readonly key: string;
  readonly correlationId: string;
  /** Absent for a tick: the next one comes anyway. */
  readonly source: { readonly subscription: string; readonly topic: string; readonly message: OutgoingMessage; readonly isLastDelivery: boolean } | undefined;
  /** The phase runs that it is to make. */
  readonly starts: PhaseTriggered | undefined;
  /** The job whose tick it is: its end is a heartbeat. */
  readonly job?: JobName | undefined;
  /** It was due at a time of the day, and each firing tries it until it is done: it is not refused for good. */
  readonly isDue?: boolean;
  readonly run: (context: FlowContext) => Promise<FlowReport>;
  /** There is nowhere else to put it: it is acknowledged when it is kept, and not before. */
  readonly isDeadLetter?: true;
  /** The history is not told of it. */
  readonly isUntold?: boolean;
}

/** An attempt that has an end: what the transport is told, what becomes of the claim, and what the history is told. */
export interface Settled {
  readonly response: HostResponse;
  readonly claim: 'done' | 'rejected' | 'released';
  readonly status: Attempted['status'];
  readonly report?: FlowReport;
  readonly error?: PipelineError;
}
