import { after, hasCode, PipelineError, seconds, type EpochMs } from '@handoff/contracts';
import type { ClaimDocument } from '@handoff/handoff-state';
import type { Clock, StateRef, StateStore, StateWrite } from '@handoff/ports';

export type ClaimResult = { readonly kind: 'claimed'; readonly claim: Claim } | { readonly kind: 'done'; readonly status: 'done' | 'rejected' } | { readonly kind: 'held' };

/** Who is asking, and how it knows that another holder is gone: at once in one process, by the lease elsewhere. */
export interface Instance {
  readonly id: string;
  readonly isGone: (holder: string) => boolean;
}

interface ClaimPorts {
  readonly state: StateStore;
  readonly clock: Clock;
}

/** Longer than the slowest phase takes, shorter than five redeliveries: see the subscriptions of the catalogue. */
const lease = seconds(120);
/** A write is begun only with this much of the lease left: longer than any one write may take before its client gives up. */
const margin = seconds(60);

/**
 * Takes the lease on a unit of work, unless it is done or somebody else holds it. Work that was rejected is done, but
 * for a delivery with a redrive that it was not taken up for before.
 */
export async function claimWork(ports: ClaimPorts, ref: StateRef, instance: Instance, redrive?: string): Promise<ClaimResult> {
  const { state } = ports;
  const now = ports.clock.now();
  const known = await state.get<ClaimDocument>(ref);
  if (known !== undefined && isSettled(known.value, redrive)) return { kind: 'done', status: known.value.status === 'rejected' ? 'rejected' : 'done' };
  if (known?.value.status === 'running' && known.value.leaseUntil > now && !instance.isGone(known.value.holder)) return { kind: 'held' };
  const fencing = (known?.value.fencing ?? 0) + 1;
  const takenFor = redrive ?? known?.value.redrive;
  const value: ClaimDocument = { status: 'running', holder: instance.id, leaseUntil: after(now, lease), fencing, ...(takenFor === undefined ? {} : { redrive: takenFor }) };
  try {
    if (known === undefined) await state.create(ref, value);
    else await state.update(ref, value, known.version);
  } catch (error) {
    if (hasCode(error, 'state-already-exists') || hasCode(error, 'state-version-conflict')) return { kind: 'held' };
    throw error;
  }
  return { kind: 'claimed', claim: new Claim(ports, ref, value) };
}

const isSettled = ({ status, redrive: known }: ClaimDocument, redrive: string | undefined): boolean => status === 'done' || (status === 'rejected' && (redrive === undefined || redrive === known));

/**
 * A claim as its holder sees it. A platform may keep a worker running after its request has timed out: another has
 * taken the work over by then, and what the first still wants to write has to be refused.
 */
export class Claim {
  readonly ref: StateRef;
  readonly fencing: number;
  readonly #ports: ClaimPorts;
  #leaseUntil: EpochMs;
  /** Settles when the renewal that is under way has succeeded or failed. */
  #renewal: Promise<void> | undefined;

  constructor(ports: ClaimPorts, ref: StateRef, { fencing, leaseUntil }: ClaimDocument) {
    this.ref = ref;
    this.fencing = fencing;
    this.#ports = ports;
    this.#leaseUntil = leaseUntil;
  }

  /**
   * Makes sure that this holder may write: nobody can take over before the lease ends, so far from its end no look
   * is needed; near it or after it the lease is renewed.
   *
   * @throws `claim-lost` (retry) when another holder has taken the work over; its delivery is dropped when it comes again.
   */
  async assertHeld(): Promise<void> {
    if (after(this.#ports.clock.now(), margin) <= this.#leaseUntil) return;
    // Shared by writes that run beside each other: a second renewal would be refused on account of the first.
    this.#renewal ??= this.#renew().finally(() => { this.#renewal = undefined; });
    await this.#renewal;
  }

  async #renew(): Promise<void> {
    const { state, clock } = this.#ports;
    const known = await state.get<ClaimDocument>(this.ref);
    if (known?.value.fencing !== this.fencing || known.value.status !== 'running') throw this.#lost();
    const leaseUntil = after(clock.now(), lease);
    try {
      await state.update(this.ref, { ...known.value, leaseUntil }, known.version);
    } catch (error) {
      if (hasCode(error, 'state-version-conflict')) throw this.#lost();
      throw error;
    }
    this.#leaseUntil = leaseUntil;
  }

  /**
   * Ends the claim together with `writes`, all or nothing, and tells whether that was so. A holder whose lease
   * another has taken changes nothing: its fencing number is behind, or it loses the race. Nor does one that has
   * ended it already.
   */
  async end(status: Exclude<ClaimDocument['status'], 'running'>, outcome: string, writes: readonly StateWrite[] = []): Promise<boolean> {
    const { state } = this.#ports;
    const known = await state.get<ClaimDocument>(this.ref);
    if (known?.value.fencing !== this.fencing || known.value.status !== 'running') return false;
    try {
      const value = { ...known.value, status, outcome };
      if (writes.length === 0) await state.update(this.ref, value, known.version);
      else await state.batch([{ kind: 'update', ref: this.ref, value, expectedVersion: known.version }, ...writes]);
      return true;
    } catch (error) {
      if (!hasCode(error, 'state-version-conflict')) throw error;
      return false;
    }
  }

  #lost(): PipelineError {
    return new PipelineError({ code: 'claim-lost', disposition: 'retry', message: `the lease on ${this.ref.collection}/${this.ref.id} ended and another worker has taken the work over: this one writes nothing more`, facts: { claim: `${this.ref.collection}/${this.ref.id}`, fencing: this.fencing } });
  }
}
