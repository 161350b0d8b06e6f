import { alertCodes, platformParts, probePermissions, type AlertCause, type FunctionName } from '@handoff/catalogue';
import { hashOf, PipelineError, type EpochMs, type ErrorFacts } from '@handoff/contracts';
import type { Log, Ports, StateRef } from '@handoff/ports';
import type { FailedWork } from '@handoff/retry';
import { noteFailedWork, retryRef, type RetryDocument } from '@handoff/retry-queue';
import { releaseWaiting, resourceOf, waitForResource } from '@handoff/waiting-work';
import type { HostRequest } from './decode.ts';
import { failedWorkOf } from './failed-work.ts';
import { causeOf, settleRedriven, settleRefused } from './settle-redriven.ts';
import type { HostResponse, Settled, Work } from './work.ts';

/** As much of a refused body as is kept: a document may not be over 1 MiB. */
const keptCharactersMax = 100_000;

/** What one function's host does with what fails: every failure has one owner, and a record. */
export class Failures {
  readonly #functionName: FunctionName;
  readonly #ports: Ports;
  /** Resources that this instance has told the loss of, and whose return no probe will tell: by what kind of work that is seen. */
  readonly #lost = new Map<string, 'any' | 'tick'>();

  constructor(functionName: FunctionName, ports: Ports) {
    this.#functionName = functionName;
    this.#ports = ports;
  }

  /** What becomes of work whose flow has thrown, by the error's disposition (docs/failure-policy.md). */
  async settle(error: PipelineError, work: Work, log: Log): Promise<Settled> {
    if (work.isDeadLetter === true) return { response: await this.unsettled(error, log), claim: 'released', status: 'to-be-retried', error };
    switch (error.disposition) {
      case 'retry':
        return { response: (await this.#isQueued(error, work)) ? queued(error) : sentAgain(error), claim: 'released', status: 'to-be-retried', error };
      case 'reject':
        await this.#keepRejected(work, error);
        await this.#noteFailure(error, work);
        return { response: { status: 200, body: { outcome: 'rejected', code: error.code, message: error.message } }, claim: work.isDue === true ? 'released' : 'rejected', status: 'rejected', error };
      case 'defer':
        return { response: await this.#defer(error, work), claim: 'released', status: 'deferred', error };
    }
  }

  /**
   * True when the retry queue has the work: after the last delivery of its message, and after each try that the queue
   * itself began, which has one delivery.
   */
  async #isQueued(error: PipelineError, work: Work): Promise<boolean> {
    const failed = this.#failedWork(work);
    if (failed === undefined) return false;
    const known = await this.#ports.state.get<RetryDocument>(retryRef(failed.workKey));
    if (work.source?.isLastDelivery !== true && known?.value.item.status !== 'retrying') return false;
    await this.#noteFailure(error, work);
    return true;
  }

  async #noteFailure({ code, message, disposition }: PipelineError, work: Work): Promise<void> {
    const failed = this.#failedWork(work);
    if (failed === undefined) return;
    await noteFailedWork(this.#ports, { work: failed, failure: { type: disposition === 'reject' ? 'permanent' : 'transient', code, message } });
  }

  #failedWork({ source }: Work): FailedWork | undefined {
    return source === undefined ? undefined : failedWorkOf(this.#functionName, source.topic, source.message);
  }

  /** The work is kept before the message is acknowledged: if it cannot be kept, the message comes again. */
  async #defer(error: PipelineError, { source }: Work): Promise<HostResponse> {
    const ports = this.#ports;
    const { code, until, facts } = error;
    // A moment alone is of this work; one of a resource is of all that needs it.
    if (until !== undefined && facts['resource'] === undefined) {
      if (source !== undefined) await ports.delays.schedule(source.topic, source.message, until);
      return { status: 200, body: { outcome: 'deferred', code, until } };
    }
    const resource = resourceOf(error);
    // Who says until when has told people why.
    if (until === undefined) await this.#alertFault(error, resource);
    if (source === undefined && until === undefined) this.#lost.set(resource, 'tick');
    const as = source === undefined ? 'not kept' : await waitForResource(ports, { resource, code, ...source, until }, ports.clock.now());
    return { status: 200, body: { outcome: 'deferred', code, resource, as, ...(until === undefined ? {} : { until }) } };
  }

  /** What a resource was waited for by goes on when the message that probes it comes through, whatever came of its work. */
  async releaseProbed({ source }: Work, log: Log): Promise<void> {
    const resource = source?.message.probe;
    if (resource === undefined) return;
    const { state, notifier, clock } = this.#ports;
    const released = await releaseWaiting({ state }, resource, clock.now());
    log.info({ resource, released }, 'resource works again');
    await notifier.resolve('platform-fault', resource, clock.now());
  }

  async #keepRejected(work: Work, error: PipelineError): Promise<void> {
    await this.#keep(work.key, { work: work.key, code: error.code, message: error.message, facts: error.facts, payload: work.source?.message.payload ?? null });
    await this.#alert(causeOf(error.code), work.key, { function: this.#functionName, ...factsOf(error) });
  }

  /**
   * Work has ended well, so what keeps it is there again; a tick that has needs what an earlier one lacked. The
   * instances that told of a loss tell of the return.
   */
  async tellReturned(work: Work): Promise<void> {
    const { notifier, clock } = this.#ports;
    await this.settleRedriven(work);
    for (const [resource, seenBy] of this.#lost) {
      if (seenBy === 'tick' && work.source !== undefined) continue;
      await notifier.resolve('platform-fault', resource, clock.now());
      this.#lost.delete(resource);
    }
  }

  /** A dead letter whose work its function refuses for good is told of as that. Idempotent. */
  settleRefused(work: Work): Promise<void> {
    return settleRefused(work, this.#ports);
  }

  /** What people were told of work that was sent again, and is done, is over. Idempotent. */
  settleRedriven(work: Work): Promise<void> {
    return settleRedriven(work, this.#rejectedRef(work.key), this.#ports);
  }

  /** Keeps a request that is none of ours, and settles it: it would be the same the next time. */
  async refuse(problem: string, messageId: string | undefined, request: HostRequest): Promise<HostResponse> {
    const ports = this.#ports;
    const body = textOf(request.body);
    const work = messageId ?? hashOf(body);
    ports.log.error({ function: this.#functionName, work, problem }, 'message refused');
    await this.#keep(work, { work, code: 'malformed-message', message: problem, body: body.slice(0, keptCharactersMax) });
    await this.#alert('malformed-message', this.#functionName, { function: this.#functionName, problem, work });
    return { status: 200, body: { outcome: 'rejected', code: 'malformed-message', problem } };
  }

  async #keep(work: string, value: Readonly<Record<string, unknown>>): Promise<void> {
    const ports = this.#ports;
    await ports.state.batch([{ kind: 'set', ref: this.#rejectedRef(work), value: { function: this.#functionName, at: ports.clock.now(), ...value } }]);
  }

  #rejectedRef(work: string): StateRef {
    return { collection: 'rejected', id: hashOf(`${this.#functionName}|${work}`) };
  }

  /** Tells of an error after which nothing is known to be kept, so that the message has to come again. */
  async unsettled(error: unknown, log: Log): Promise<HostResponse> {
    if (error instanceof PipelineError) {
      log.warn({ error, code: error.code, disposition: error.disposition }, 'request not settled');
      if (error.disposition !== 'retry') {
        this.#lost.set(resourceOf(error), 'any');
        await this.#alertFault(error, resourceOf(error));
      }
      return sentAgain(error);
    }
    await this.reportUnclassified(error, log);
    return { status: 500, body: { outcome: 'failed' } };
  }

  /** Tells of an error that nobody classified: a bug. */
  async reportUnclassified(error: unknown, log: Log): Promise<void> {
    const name = this.#functionName;
    log.error({ error }, 'work failed on an unclassified error');
    await this.#alert('function-failed', name, { function: name, error: error instanceof Error ? error.message : String(error) });
  }

  /** One incident per resource; its first code is in the title. */
  async #alertFault(error: PipelineError, resource: string): Promise<void> {
    const needed = permissionFor(error.code);
    const title = needed === undefined ? `${resource}: ${error.code}` : `${resource}: ${error.code} (needs ${needed})`;
    await this.#alert('platform-fault', resource, { ...factsOf(error), ...(needed === undefined ? {} : { permission: needed }) }, title);
  }

  async #alert(cause: AlertCause, subject: string, facts: ErrorFacts, title = `${cause}: ${subject}`): Promise<void> {
    const ports = this.#ports;
    const severity = alertCodes.find(({ code }) => code === cause)?.severity ?? 'error';
    const at: EpochMs = ports.clock.now();
    await ports.notifier.alert({ cause, subject, severity, title, facts, at });
  }
}

/** What whoever is refused needs to be allowed to do. */
function permissionFor(code: string): string | undefined {
  const part = platformParts.find((name) => code === `${name}-permission-denied`);
  return part === undefined || part === 'scheduler' ? undefined : probePermissions[part];
}

const queued = ({ code, message }: PipelineError): HostResponse => ({ status: 200, body: { outcome: 'queued', code, message } });

const sentAgain = ({ code, message }: PipelineError): HostResponse => ({ status: 503, body: { outcome: 'retry', code, message } });

const factsOf = ({ code, message, facts }: PipelineError): ErrorFacts => ({ ...facts, code, message });

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : JSON.stringify(body ?? null);
}
