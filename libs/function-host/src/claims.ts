import { after, hasCode, seconds, type EpochMs } from '@handoff/contracts';
import type { StateDocument, StateRef, StateStore } from '@handoff/ports';

/**
 * A lease on one unit of work, and its memory.
 *
 * | status | meaning |
 * |---|---|
 * | running | a worker holds it until `leaseUntil`, or until its holder is known to be gone |
 * | released | the last attempt ended without success; whoever asks gets it |
 * | done | the work has taken effect; every further delivery is dropped |
 */
interface ClaimDocument extends StateDocument {
  readonly status: 'running' | 'released' | 'done';
  readonly holder: string;
  readonly leaseUntil: EpochMs;
  /** Rises with every new holder. */
  readonly fencing: number;
  readonly outcome?: string;
}

export interface Claim {
  readonly ref: StateRef;
  readonly fencing: number;
}

export type ClaimResult = { readonly kind: 'claimed'; readonly claim: Claim } | { readonly kind: 'done' } | { readonly kind: 'held' };

/** Who is asking, and how it knows that another holder is gone: at once in one process, by the lease elsewhere. */
export interface Instance {
  readonly id: string;
  readonly isGone: (holder: string) => boolean;
}

/** Longer than the slowest phase takes, shorter than five redeliveries: see the subscriptions of the catalogue. */
const lease = seconds(120);

/** Takes the lease on a unit of work, unless it is done or somebody else holds it. */
export async function claimWork(state: StateStore, ref: StateRef, instance: Instance, now: EpochMs): Promise<ClaimResult> {
  const known = await state.get<ClaimDocument>(ref);
  if (known?.value.status === 'done') return { kind: 'done' };
  if (known?.value.status === 'running' && known.value.leaseUntil > now && !instance.isGone(known.value.holder)) return { kind: 'held' };
  const fencing = (known?.value.fencing ?? 0) + 1;
  const value: ClaimDocument = { status: 'running', holder: instance.id, leaseUntil: after(now, lease), fencing };
  try {
    if (known === undefined) await state.create(ref, value);
    else await state.update(ref, value, known.version);
  } catch (error) {
    if (hasCode(error, 'state-already-exists') || hasCode(error, 'state-version-conflict')) return { kind: 'held' };
    throw error;
  }
  return { kind: 'claimed', claim: { ref, fencing } };
}

/** Ends a claim. A holder whose lease another has taken changes nothing: its fencing number is behind, or it loses the race. */
export async function endClaim(state: StateStore, claim: Claim, status: 'done' | 'released', outcome: string): Promise<void> {
  const known = await state.get<ClaimDocument>(claim.ref);
  if (known?.value.fencing !== claim.fencing) return;
  try {
    await state.update(claim.ref, { ...known.value, status, outcome }, known.version);
  } catch (error) {
    if (!hasCode(error, 'state-version-conflict')) throw error;
  }
}
