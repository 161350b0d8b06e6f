import { alertCodes, subscriptions, tableNamed, type AlertCause } from '@handoff/catalogue';
import { after, hashOf, minutes, PipelineError, type EpochMs, type ErrorFacts, type PhaseTriggered } from '@handoff/contracts';
import { claimRef, workKeyOf } from '@handoff/handoff-state';
import { outboxWrite, publishWritten, type OutboxEntry } from '@handoff/outbox';
import type { DeadLetter, Delivery, FlowContext, FlowReport, FunctionDefinition, OutgoingMessage, Ports, RunRecord, StateWrite } from '@handoff/ports';
import type { FailedWork } from '@handoff/retry';
import { noteFailedWork, retryRef, type RetryDocument } from '@handoff/retry-queue';
import { claimWork, type Claim, type Instance } from './claims.ts';
import { decodeRequest, type Decoded, type HostRequest } from './decode.ts';
import { failedWorkOf } from './failed-work.ts';
import { fencedPorts } from './fenced-ports.ts';
import { eventsOf, failedRuns, type Attempted } from './history.ts';

/** 2xx: settled, do not send again. 5xx: send again. The body is for people. */
export interface HostResponse {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type HostedFunction = (request: HostRequest) => Promise<HostResponse>;

export interface HostOptions<Config> {
  readonly definition: FunctionDefinition<Config>;
  readonly ports: Ports;
  readonly config: Config;
  readonly instance: Instance;
}

/** How long deferred work without an end of its own waits before it is tried again. */
const deferral = minutes(5);
/** As much of a refused body as is kept: a document may not be over 1 MiB. */
const keptCharactersMax = 100_000;

/**
 * Hosts one function: decodes the request, claims the work, runs the flow and decides what the transport is
 * told. The only place that catches every error: what no adapter or flow has classified is a bug, is
 * reported as one, and is sent again.
 */
export function hostFunction<Config>(options: HostOptions<Config>): HostedFunction {
  const host = new FunctionHost(options);
  return (request) => host.handle(request);
}

interface Work {
  /** Names the work among all of this function's. */
  readonly key: string;
  readonly correlationId: string;
  /** Absent for a tick: the next one comes anyway. */
  readonly source: { readonly topic: string; readonly message: OutgoingMessage; readonly isLastDelivery: boolean } | undefined;
  /** The phase runs that it is to make. */
  readonly starts: PhaseTriggered | undefined;
  readonly run: (context: FlowContext) => Promise<FlowReport>;
}

/** An attempt that has an end: what the transport is told, what becomes of the claim, and what the history is told. */
interface Settled {
  readonly response: HostResponse;
  readonly claim: 'done' | 'rejected' | 'released';
  readonly status: Attempted['status'];
  readonly report?: FlowReport;
  readonly error?: PipelineError;
}

/** Events that are written at once, well below the 500 writes that a batch may have. */
const eventsMax = 400;

/** Outcomes of a tick that found nothing to do: the history would be full of them. */
const idle: ReadonlySet<string> = new Set(['nothing-due']);

class FunctionHost<Config> {
  readonly #options: HostOptions<Config>;

  constructor(options: HostOptions<Config>) {
    this.#options = options;
  }

  /** Whatever fails outside the work itself, the state store above all, leaves the message to be sent again. */
  async handle(request: HostRequest): Promise<HostResponse> {
    try {
      return await this.#dispatch(decodeRequest(request), request);
    } catch (error) {
      return this.#unsettled(error, this.#options.ports.log.child({ function: this.#options.definition.name }));
    }
  }

  async #dispatch(decoded: Decoded, request: HostRequest): Promise<HostResponse> {
    switch (decoded.kind) {
      case 'health':
        return this.#health();
      case 'tick':
        return this.#tick(decoded, request);
      case 'delivery':
        return this.#deliver(decoded, request);
      case 'dead-letter':
        return this.#takeDeadLetter(decoded.letter, request);
      case 'malformed':
        return this.#refuse(decoded.problem, decoded.messageId, request);
    }
  }

  /** Deep: the state store answers, and the warehouse runs a statement of ours. */
  async #health(): Promise<HostResponse> {
    const { definition, ports } = this.#options;
    const table = tableNamed('nba_orchestration.publications').name;
    await ports.state.get({ collection: 'health', id: definition.name });
    await ports.warehouse.query({ name: 'health', text: `SELECT COUNT(*) AS files FROM \`${table}\`` });
    return { status: 200, body: { function: definition.name, status: 'ok' } };
  }

  async #tick({ job, scheduledAt }: Extract<Decoded, { kind: 'tick' }>, request: HostRequest): Promise<HostResponse> {
    const { definition, config } = this.#options;
    const { name, onSchedule } = definition;
    if (job !== name) return this.#refuse(`the job is ${job}, the function ${name}`, undefined, request);
    if (onSchedule === undefined) return this.#refuse('this function has no schedule', undefined, request);
    return this.#work({ key: `tick-${scheduledAt}`, correlationId: `${name}-${scheduledAt}`, source: undefined, starts: undefined, run: (context) => onSchedule(context, config, { scheduledAt }) });
  }

  async #deliver({ topic, delivery }: Extract<Decoded, { kind: 'delivery' }>, request: HostRequest): Promise<HostResponse> {
    const { definition, config } = this.#options;
    const { message, messageId } = delivery;
    const messageRoute = definition.routes.find((candidate) => candidate.topic === topic);
    if (messageRoute === undefined) return this.#refuse(`no route for topic ${topic}`, messageId, request);
    const bound = messageRoute.accept(message.payload);
    if (!bound.isValid) return this.#refuse(bound.problem, messageId, request);
    return this.#work({ key: workKeyOf(topic, message.key), correlationId: message.correlationId, source: { topic, message, isLastDelivery: isLast(delivery) }, starts: bound.starts, run: (context) => bound.run(context, config) });
  }

  /** A letter's own id names the work: a repetition of it is dropped, another letter of the same message is not. */
  async #takeDeadLetter(letter: DeadLetter, request: HostRequest): Promise<HostResponse> {
    const { definition: { onDeadLetter }, config } = this.#options;
    if (onDeadLetter === undefined) return this.#refuse('this function takes no dead letters', letter.messageId, request);
    const { subscription, messageId, message: { correlationId } } = letter;
    return this.#work({ key: `dead-letter-${subscription}-${messageId}`, correlationId, source: undefined, starts: undefined, run: (context) => onDeadLetter(letter, context, config) });
  }

  async #work(work: Work): Promise<HostResponse> {
    const { definition, ports, instance } = this.#options;
    const log = ports.log.child({ function: definition.name, work: work.key, correlationId: work.correlationId });
    const result = await claimWork(ports, claimRef(definition.name, work.key), instance, work.source?.message.redrive);
    if (result.kind !== 'claimed') {
      const outcome = result.kind === 'done' ? 'duplicate' : 'held';
      log.info({ outcome }, 'delivery not worked on');
      return { status: result.kind === 'done' ? 200 : 503, body: { outcome } };
    }
    const { claim } = result;
    const startedAt = ports.clock.now();
    try {
      const settled = await this.#attempt(work, claim, log);
      return await this.#end(work, claim, { settled, startedAt }, log);
    } catch (error) {
      // What was decided could not be kept: the message comes again, and must not find the work held.
      await claim.end('released', 'unsettled');
      return this.#unsettled(error, log);
    }
  }

  async #attempt(work: Work, claim: Claim, log: FlowContext['log']): Promise<Settled> {
    try {
      const report = await work.run({ ports: fencedPorts(this.#options.ports, claim), log, correlationId: work.correlationId });
      log.info({ outcome: report.outcome, ...report.facts }, 'work done');
      return { response: { status: 200, body: { ...report.facts, outcome: report.outcome } }, claim: 'done', status: 'complete', report };
    } catch (error) {
      if (!(error instanceof PipelineError)) return { response: await this.#unsettled(error, log), claim: 'released', status: 'to-be-retried' };
      log.warn({ error, code: error.code, disposition: error.disposition }, 'work refused');
      return this.#settle(error, work);
    }
  }

  /** Ends the claim and tells the history in one atomic batch, so that neither is known without the other; of very many runs the last are told just before. */
  async #end(work: Work, claim: Claim, { settled, startedAt }: { readonly settled: Settled; readonly startedAt: EpochMs }, log: FlowContext['log']): Promise<HostResponse> {
    const { ports } = this.#options;
    const now = ports.clock.now();
    const outcome = String(settled.response.body['outcome']);
    const isTold = !idle.has(outcome) && (settled.status === 'complete' || this.#options.definition.publishesHistory !== true);
    const events = isTold ? this.#eventsOf(work, claim, { settled, startedAt, endedAt: now }) : [];
    const writes = events.map((entry) => outboxWrite(entry, now));
    // The function's own event is the first: it is told with the end alone.
    await this.#writeAhead(claim, writes.slice(eventsMax));
    const isOurs = await claim.end(settled.claim, outcome, writes.slice(0, eventsMax));
    if (!isOurs) return { status: 503, body: { outcome: 'claim-lost' } };
    await this.#publishHistory(events, log);
    return settled.response;
  }

  /**
   * Writes the runs' ends that the batch which ends the claim has no room for. They are of a holder that still has the
   * claim; one that dies in between leaves them, and its successor tells of the same runs again, later.
   */
  async #writeAhead(claim: Claim, writes: readonly StateWrite[]): Promise<void> {
    for (let first = 0; first < writes.length; first += eventsMax) {
      await claim.assertHeld();
      await this.#options.ports.state.batch(writes.slice(first, first + eventsMax));
    }
  }

  /**
   * The claim has ended: whatever fails from here on is told of, and changes neither the claim nor the answer. The
   * history waits in the outbox for the sweeper.
   */
  async #publishHistory(events: readonly OutboxEntry[], log: FlowContext['log']): Promise<void> {
    try {
      await publishWritten(this.#options.ports, events);
    } catch (error) {
      log.warn({ error, events: events.length }, 'history not published yet');
      if (error instanceof PipelineError) return;
      await this.#reportUnclassified(error, log).catch((unreported: unknown) => { log.warn({ error: unreported }, 'alert not raised'); });
    }
  }

  #eventsOf(work: Work, claim: Claim, { settled, startedAt, endedAt }: { readonly settled: Settled; readonly startedAt: EpochMs; readonly endedAt: EpochMs }): readonly OutboxEntry[] {
    const failed: readonly RunRecord[] = settled.status === 'rejected' && work.starts !== undefined ? failedRuns(work.starts, startedAt) : [];
    return eventsOf({
      functionName: this.#options.definition.name,
      workKey: work.key,
      correlationId: work.correlationId,
      trigger: work.source === undefined ? { source: 'schedule', key: work.key } : { source: 'message', key: work.source.message.key },
      attempt: claim.fencing,
      startedAt,
      endedAt,
      status: settled.status,
      outcome: String(settled.response.body['outcome']),
      facts: { ...settled.report?.facts },
      error: settled.error,
    }, [...(settled.report?.ended ?? []), ...failed]);
  }

  async #settle(error: PipelineError, work: Work): Promise<Settled> {
    switch (error.disposition) {
      case 'retry':
        return { response: (await this.#isQueued(error, work)) ? queued(error) : sentAgain(error), claim: 'released', status: 'to-be-retried', error };
      case 'reject':
        await this.#keepRejected(work, error);
        await this.#noteFailure(error, work);
        return { response: { status: 200, body: { outcome: 'rejected', code: error.code, message: error.message } }, claim: 'rejected', status: 'rejected', error };
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
    const known = await this.#options.ports.state.get<RetryDocument>(retryRef(failed.workKey));
    if (work.source?.isLastDelivery !== true && known?.value.item.status !== 'retrying') return false;
    await this.#noteFailure(error, work);
    return true;
  }

  async #noteFailure({ code, message, disposition }: PipelineError, work: Work): Promise<void> {
    const failed = this.#failedWork(work);
    if (failed === undefined) return;
    await noteFailedWork(this.#options.ports, { work: failed, failure: { type: disposition === 'reject' ? 'permanent' : 'transient', code, message } });
  }

  #failedWork({ source }: Work): FailedWork | undefined {
    return source === undefined ? undefined : failedWorkOf(this.#options.definition.name, source.topic, source.message);
  }

  /** The work is kept before the message is acknowledged: if it cannot be kept, the message comes again. */
  async #defer(error: PipelineError, work: Work): Promise<HostResponse> {
    const { ports } = this.#options;
    const until = error.until ?? after(ports.clock.now(), deferral);
    await this.#alert('platform-fault', error.code, factsOf(error));
    if (work.source !== undefined) await ports.delays.schedule(work.source.topic, work.source.message, until);
    return { status: 200, body: { outcome: 'deferred', code: error.code, until } };
  }

  async #keepRejected(work: Work, error: PipelineError): Promise<void> {
    await this.#keep(work.key, { work: work.key, code: error.code, message: error.message, facts: error.facts, payload: work.source?.message.payload ?? null });
    await this.#alert(causeOf(error.code), work.key, { function: this.#options.definition.name, ...factsOf(error) });
  }

  async #refuse(problem: string, messageId: string | undefined, request: HostRequest): Promise<HostResponse> {
    const { definition, ports } = this.#options;
    const body = textOf(request.body);
    const work = messageId ?? hashOf(body);
    ports.log.error({ function: definition.name, work, problem }, 'message refused');
    await this.#keep(work, { work, code: 'malformed-message', message: problem, body: body.slice(0, keptCharactersMax) });
    await this.#alert('malformed-message', definition.name, { function: definition.name, problem, work });
    return { status: 200, body: { outcome: 'rejected', code: 'malformed-message', problem } };
  }

  async #keep(work: string, value: Readonly<Record<string, unknown>>): Promise<void> {
    const { definition, ports } = this.#options;
    const ref = { collection: 'rejected', id: hashOf(`${definition.name}|${work}`) };
    await ports.state.batch([{ kind: 'set', ref, value: { function: definition.name, at: ports.clock.now(), ...value } }]);
  }

  /** Tells of an error after which nothing is known to be kept, so that the message has to come again. */
  async #unsettled(error: unknown, log: FlowContext['log']): Promise<HostResponse> {
    if (error instanceof PipelineError) {
      log.warn({ error, code: error.code, disposition: error.disposition }, 'request not settled');
      if (error.disposition !== 'retry') await this.#alert('platform-fault', error.code, factsOf(error));
      return sentAgain(error);
    }
    await this.#reportUnclassified(error, log);
    return { status: 500, body: { outcome: 'failed' } };
  }

  async #reportUnclassified(error: unknown, log: FlowContext['log']): Promise<void> {
    const { name } = this.#options.definition;
    log.error({ error }, 'work failed on an unclassified error');
    await this.#alert('function-failed', name, { function: name, error: error instanceof Error ? error.message : String(error) });
  }

  async #alert(cause: AlertCause, subject: string, facts: ErrorFacts): Promise<void> {
    const { ports } = this.#options;
    const severity = alertCodes.find(({ code }) => code === cause)?.severity ?? 'error';
    const at: EpochMs = ports.clock.now();
    await ports.notifier.alert({ cause, subject, severity, title: `${cause}: ${subject}`, facts, at });
  }
}

/** Every alert has a cause that the catalogue, and so a runbook, knows; the error's own code is a fact of it. */
const causeOf = (code: string): AlertCause => alertCodes.find((alert) => alert.code === code)?.code ?? 'message-rejected';

/** True for a delivery after which the bus gives the message up. One that says nothing of its number is never the last. */
const isLast = ({ subscription, attempt }: Delivery): boolean => attempt >= (subscriptions.find(({ name }) => name === subscription)?.deliveriesMax ?? Number.POSITIVE_INFINITY);

const queued = ({ code, message }: PipelineError): HostResponse => ({ status: 200, body: { outcome: 'queued', code, message } });

const sentAgain = ({ code, message }: PipelineError): HostResponse => ({ status: 503, body: { outcome: 'retry', code, message } });

const factsOf = ({ code, message, facts }: PipelineError): ErrorFacts => ({ ...facts, code, message });

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : JSON.stringify(body ?? null);
}
