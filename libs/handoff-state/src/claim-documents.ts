import type { EpochMs } from '@handoff/contracts';
import { documentId, type StateDocument, type StateRef } from '@handoff/ports';

/**
 * `claims_<function>`: a lease on one unit of work, and its memory.
 *
 * | status | meaning |
 * |---|---|
 * | running | a worker holds it until `leaseUntil`, or until its holder is known to be gone |
 * | released | the last attempt ended without success; whoever asks gets it |
 * | done | the work has taken effect; every further delivery is dropped |
 * | rejected | the work can never succeed as it was; further deliveries are dropped, but for one that people have sent again |
 */
export interface ClaimDocument extends StateDocument {
  readonly status: 'running' | 'released' | 'done' | 'rejected';
  readonly holder: string;
  readonly leaseUntil: EpochMs;
  /** Rises with every new holder. */
  readonly fencing: number;
  readonly outcome?: string;
  /** The redrive that the work was last taken up for. */
  readonly redrive?: string;
}

/** The unit of work that a message of a topic is. */
export const workKeyOf = (topic: string, messageKey: string): string => `${topic}-${messageKey}`;

export const claimsOf = (functionName: string): string => `claims_${functionName}`;

/** The claim on a unit of work among a function's. */
export const claimRef = (functionName: string, workKey: string): StateRef => ({ collection: claimsOf(functionName), id: documentId(workKey) });
