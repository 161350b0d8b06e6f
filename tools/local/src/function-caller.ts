import type { HostResponse } from '@handoff/function-host';

/** Calls functions by name: over HTTP as the platform does, or in this process. */
export interface FunctionCaller {
  /** Calls a function with a JSON body and answers what it answered. */
  call(name: string, body: unknown): Promise<HostResponse>;
  /** How often each function was called. */
  calls(): ReadonlyMap<string, number>;
}
