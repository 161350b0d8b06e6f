import { breakerPolicies, type BreakerKind, type CircuitBreakerConfig } from '@handoff/catalogue';
import { admit, isBatchBroken, recordFailure, recordSuccess, refuseBadPolicy, reset, type Admission, type BreakerPolicy, type BreakerState } from '@handoff/circuit-breaker';
import { PipelineError, type EpochMs } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import { breakerRef, changeBreakers, changed, subjectOf, type BreakerDocument, type BreakerName } from './breaker-documents.ts';
import { breakerOpen, tellChanges } from './breaker-open.ts';

export type BreakerPorts = Pick<Ports, 'state' | 'notifier' | 'clock' | 'log'>;

/** The writes of one processor into one table. */
export type WritePath = BreakerName & { readonly kind: 'write-path' };

interface Asked {
  readonly admission: Admission;
  /** Absent where nothing counts against the subject. */
  readonly state: BreakerState | undefined;
}

/**
 * The breakers that all instances share through the state store. A closed one costs a read for each call and no
 * write; failures, trials and what ends them are written as they happen.
 *
 * A breaker that cannot be read is an error of the call: going ahead without it would be to call what it may have shut.
 */
export class CircuitBreakers {
  readonly #ports: BreakerPorts;
  readonly #conflictPctMax: number;
  readonly #policies: Readonly<Record<BreakerKind, BreakerPolicy>>;

  /** @throws RangeError for a configuration that no breaker can work by. */
  constructor(ports: BreakerPorts, config: CircuitBreakerConfig) {
    this.#ports = ports;
    this.#conflictPctMax = config.write_path_conflict_pct;
    this.#policies = breakerPolicies(config);
    Object.values(this.#policies).forEach(refuseBadPolicy);
  }

  /**
   * Makes a call under its breaker. An error that passes by itself, or that nobody has classified, counts as a
   * failure; one that is deferred or rejected says something of the work and not of what is called, and counts as
   * nothing. Whatever the breaker cannot write leaves the outcome of the call as it is.
   *
   * @throws `breaker-open` (defer) without calling; else what the call throws.
   */
  async call<Result>(name: BreakerName, work: () => Promise<Result>): Promise<Result> {
    const { admission, state } = await this.#ask(name);
    if (admission.verdict === 'refuse') throw breakerOpen(name, admission.until);
    const result = await this.#counted(name, work);
    if (state !== undefined) await this.#noted(name, () => this.recordSuccess(name));
    return result;
  }

  /** Whether a call may be made now; a trial is taken by asking. */
  async admit(name: BreakerName): Promise<Admission> {
    return (await this.#ask(name)).admission;
  }

  /** Counts a failure, and alerts if it opens the breaker. `note` is what people are shown of it. */
  async recordFailure(name: BreakerName, note: string): Promise<void> {
    await this.#change(name, ({ state }, now) => ({ state: recordFailure(state, this.#policies[name.kind], now), note }));
  }

  /**
   * Judges a batch that a write path has been through: more conflicts than it may bear are a failure of the path, and
   * one is enough to open it; any other batch is a success.
   */
  async recordBatch(name: WritePath, { conflicts, games }: { readonly conflicts: number; readonly games: number }): Promise<void> {
    if (isBatchBroken({ failed: conflicts, total: games }, this.#conflictPctMax)) await this.recordFailure(name, `${conflicts} of ${games} games in conflict`);
    else await this.recordSuccess(name);
  }

  async recordSuccess(name: BreakerName): Promise<void> {
    await this.#change(name, ({ state }, now) => ({ state: recordSuccess(state, now), note: 'a call succeeded' }));
  }

  /** Closes a breaker for a reason that is not a trial. */
  async reset(name: BreakerName, note: string): Promise<void> {
    await this.#change(name, ({ state }, now) => ({ state: reset(state, now), note }));
  }

  async #ask(name: BreakerName): Promise<Asked> {
    const { state, clock } = this.#ports;
    const known = await state.get<BreakerDocument>(breakerRef(name));
    if (known === undefined || known.value.isClear) return { admission: { verdict: 'admit', reason: 'closed' }, state: undefined };
    const before = known.value.state;
    let { admission } = admit(before, this.#policies[name.kind], clock.now());
    // A trial is somebody's: who has it is decided by the write. All else is told by the read.
    if (admission.verdict === 'refuse' || admission.reason === 'closed') return { admission, state: before };
    await this.#change(name, (document, now) => {
      const taken = admit(document.state, this.#policies[name.kind], now);
      admission = taken.admission;
      return { state: taken.state, note: document.note };
    });
    return { admission, state: before };
  }

  async #counted<Result>(name: BreakerName, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (isFailure(error)) await this.#noted(name, () => this.recordFailure(name, describe(error)));
      throw error;
    }
  }

  /** The call has had its outcome: what the breaker cannot keep of it is logged, and changes nothing. */
  async #noted(name: BreakerName, record: () => Promise<void>): Promise<void> {
    try {
      await record();
    } catch (error) {
      this.#ports.log.warn({ error, kind: name.kind, subject: subjectOf(name) }, 'breaker not updated');
    }
  }

  async #change(name: BreakerName, decide: (document: BreakerDocument, now: EpochMs) => { readonly state: BreakerState; readonly note: string }): Promise<void> {
    const now = this.#ports.clock.now();
    const changes = await changeBreakers(this.#ports.state, [name], now, (document) => {
      const { state, note } = decide(document, now);
      return { document: state === document.state ? document : changed(document, state, note, now) };
    });
    await tellChanges(this.#ports, changes, now);
  }
}

const isFailure = (error: unknown): boolean => !(error instanceof PipelineError) || error.disposition === 'retry';

function describe(error: unknown): string {
  if (error instanceof PipelineError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
