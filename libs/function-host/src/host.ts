import { deadSubscription, jobs, subscriptions, tableNamed } from '@handoff/catalogue';
import { PipelineError, type EpochMs } from '@handoff/contracts';
import { heartbeatWrite } from '@handoff/heartbeats';
import { claimRef, dueAtOfFiring, tickKeyOf, workKeyOf } from '@handoff/handoff-state';
import { outboxWrite, publishWritten, type OutboxEntry } from '@handoff/outbox';
import type { DeadLetter, Delivery, FlowContext, FunctionDefinition, Ports, RunRecord, StateWrite } from '@handoff/ports';
import { claimWork, type Claim, type Instance } from './claims.ts';
import { decodeRequest, type Decoded, type HostRequest } from './decode.ts';
import { Failures } from './failures.ts';
import { fencedPorts } from './fenced-ports.ts';
import { eventsOf, failedRuns } from './history.ts';
import type { HostResponse, Settled, Work } from './work.ts';

export type HostedFunction = (request: HostRequest) => Promise<HostResponse>;

export interface HostOptions<Config> {
  readonly definition: FunctionDefinition<Config>;
  readonly ports: Ports;
  readonly config: Config;
  readonly instance: Instance;
}

/**
 * Hosts one function: decodes the request, claims the work, runs the flow and decides what the transport is
 * told. The only place that catches every error: what no adapter or flow has classified is a bug, is
 * reported as one, and is sent again.
 */
export function hostFunction<Config>(options: HostOptions<Config>): HostedFunction {
  const host = new FunctionHost(options);
  return (request) => host.handle(request);
}

/** Events that are written at once, well below the 500 writes that a batch may have. */
const eventsMax = 400;

/** Outcomes of a tick that found nothing to do: the history would be full of them. */
const idle: ReadonlySet<string> = new Set(['nothing-due', 'healthy']);

class FunctionHost<Config> {
  readonly #options: HostOptions<Config>;
  readonly #failures: Failures;

  constructor(options: HostOptions<Config>) {
    this.#options = options;
    this.#failures = new Failures(options.definition.name, options.ports);
  }

  /** Whatever fails outside the work itself, the state store above all, leaves the message to be sent again. */
  async handle(request: HostRequest): Promise<HostResponse> {
    try {
      return await this.#dispatch(decodeRequest(request), request);
    } catch (error) {
      return this.#failures.unsettled(error, this.#options.ports.log.child({ function: this.#options.definition.name }));
    }
  }

  async #dispatch(decoded: Decoded, request: HostRequest): Promise<HostResponse> {
    switch (decoded.kind) {
      case 'health':
        return this.#health();
      case 'question':
        return this.#answer(decoded.parameters);
      case 'tick':
        return this.#tick(decoded, request);
      case 'delivery':
        return this.#deliver(decoded, request);
      case 'dead-letter':
        return this.#takeDeadLetter(decoded.letter, request);
      case 'malformed':
        return this.#failures.refuse(decoded.problem, decoded.messageId, request);
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

  /** Reads only: no claim, no heartbeat and no history, so that asking makes no job look alive that does not run. */
  async #answer(parameters: unknown): Promise<HostResponse> {
    const { definition: { onQuestion }, ports, config } = this.#options;
    if (onQuestion === undefined) return { status: 404, body: { outcome: 'nothing-to-ask' } };
    const asked = onQuestion.accept(parameters);
    return asked.isValid ? { status: 200, body: await asked.answer(ports, config) } : { status: 400, body: { outcome: 'question-invalid', problem: asked.problem } };
  }

  async #tick({ job, scheduledAt }: Extract<Decoded, { kind: 'tick' }>, request: HostRequest): Promise<HostResponse> {
    const { definition, config } = this.#options;
    const { name, onSchedule } = definition;
    if (job !== name) return this.#failures.refuse(`the job is ${job}, the function ${name}`, undefined, request);
    const known = jobs.find((one) => one.name === job);
    if (onSchedule === undefined) return this.#failures.refuse('this function has no schedule', undefined, request);
    const dueAt = known === undefined ? undefined : dueAtOfFiring(known, scheduledAt);
    const workAt = dueAt ?? scheduledAt;
    return this.#work({ key: tickKeyOf(workAt), correlationId: `${name}-${workAt}`, source: undefined, starts: undefined, job: known?.name, isDue: dueAt !== undefined, run: (context) => onSchedule(context, config, { scheduledAt: workAt }) });
  }

  async #deliver({ topic, delivery }: Extract<Decoded, { kind: 'delivery' }>, request: HostRequest): Promise<HostResponse> {
    const { definition, config } = this.#options;
    const { message, messageId } = delivery;
    const messageRoute = definition.routes.find((candidate) => candidate.topic === topic);
    if (messageRoute === undefined) return this.#failures.refuse(`no route for topic ${topic}`, messageId, request);
    const bound = messageRoute.accept(message.payload);
    if (!bound.isValid) return this.#failures.refuse(bound.problem, messageId, request);
    return this.#work({ key: workKeyOf(topic, message.key), correlationId: message.correlationId, source: { subscription: delivery.subscription, topic, message, isLastDelivery: isLast(delivery) }, starts: bound.starts, run: (context) => bound.run(context, config) });
  }

  /** A letter's own id names the work: a repetition of it is dropped, another letter of the same message is not. */
  async #takeDeadLetter(letter: DeadLetter, request: HostRequest): Promise<HostResponse> {
    const { definition: { onDeadLetter }, config } = this.#options;
    if (onDeadLetter === undefined) return this.#failures.refuse('this function takes no dead letters', letter.messageId, request);
    const { subscription, messageId, message: { correlationId } } = letter;
    return this.#work({ key: `dead-letter-${subscription}-${messageId}`, correlationId, source: undefined, starts: undefined, isDeadLetter: true, isUntold: isOfLog(subscription), run: (context) => onDeadLetter(letter, context, config) });
  }

  async #work(work: Work): Promise<HostResponse> {
    const { definition, ports, instance } = this.#options;
    const log = ports.log.child({ function: definition.name, work: work.key, correlationId: work.correlationId });
    if (definition.isStateless === true) return (await this.#attempt(work, ports, log)).response;
    const result = await claimWork(ports, claimRef(definition.name, work.key), instance, work.source?.message.redrive);
    if (result.kind !== 'claimed') {
      const outcome = result.kind === 'done' ? 'duplicate' : 'held';
      log.info({ outcome }, 'delivery not worked on');
      // What was cut off after the end of its claim comes again as this.
      if (result.kind === 'done') await this.#failures.releaseProbed(work, log);
      if (result.kind === 'done') await this.#tellSettled(work, result.status);
      return { status: result.kind === 'done' ? 200 : 503, body: { outcome } };
    }
    const { claim } = result;
    const startedAt = ports.clock.now();
    try {
      const settled = await this.#attempt(work, fencedPorts(ports, claim), log);
      return await this.#end(work, claim, { settled, startedAt }, log);
    } catch (error) {
      return await this.#unkept(error, claim, log);
    }
  }

  /** What people and the watchdog are told of work that was settled before it was asked for: a firing that finds its work done is a sign of its job. */
  async #tellSettled(work: Work, status: 'done' | 'rejected'): Promise<void> {
    await (status === 'done' ? this.#failures.settleRedriven(work) : this.#failures.settleRefused(work));
    if (work.job === undefined) return;
    const { state, clock } = this.#options.ports;
    await state.batch([heartbeatWrite(work.job, { at: clock.now(), outcome: status === 'done' ? 'nothing-due' : status, isComplete: status === 'done' })]);
  }

  /** What was decided could not be kept: the message comes again, and must not find the work held. Told first, since the claim may not be free to end either. */
  async #unkept(error: unknown, claim: Claim, log: FlowContext['log']): Promise<HostResponse> {
    try {
      return await this.#failures.unsettled(error, log);
    } finally {
      await claim.end('released', 'unsettled');
    }
  }

  async #attempt(work: Work, ports: Ports, log: FlowContext['log']): Promise<Settled> {
    try {
      const report = await work.run({ ports, log, correlationId: work.correlationId });
      log.info({ outcome: report.outcome, ...report.facts }, 'work done');
      return { response: { status: 200, body: { ...report.facts, outcome: report.outcome } }, claim: 'done', status: 'complete', report };
    } catch (error) {
      if (!(error instanceof PipelineError)) return { response: await this.#failures.unsettled(error, log), claim: 'released', status: 'to-be-retried' };
      log.warn({ error, code: error.code, disposition: error.disposition }, 'work refused');
      if (this.#options.definition.isStateless === true) return { response: await this.#failures.unsettled(error, log), claim: 'released', status: 'to-be-retried', error };
      return this.#failures.settle(error, work, log);
    }
  }

  /** Ends the claim and tells the history in one atomic batch, so that neither is known without the other; of very many runs the last are told just before. */
  async #end(work: Work, claim: Claim, { settled, startedAt }: { readonly settled: Settled; readonly startedAt: EpochMs }, log: FlowContext['log']): Promise<HostResponse> {
    const { ports } = this.#options;
    const now = ports.clock.now();
    const outcome = String(settled.response.body['outcome']);
    const isTold = work.isUntold !== true && !idle.has(outcome) && (settled.status === 'complete' || this.#options.definition.publishesHistory !== true);
    const events = isTold ? this.#eventsOf(work, claim, { settled, startedAt, endedAt: now }) : [];
    const writes = events.map((entry) => outboxWrite(entry, now));
    // The function's own event is the first: it is told with the end alone.
    await this.#writeAhead(claim, writes.slice(eventsMax));
    const beats = work.job === undefined ? [] : [heartbeatWrite(work.job, { at: now, outcome, isComplete: settled.claim === 'done' })];
    const isOurs = await claim.end(settled.claim, outcome, [...beats, ...writes.slice(0, eventsMax)]);
    if (!isOurs) return { status: 503, body: { outcome: 'claim-lost' } };
    await this.#publishHistory(events, log);
    if (settled.claim !== 'released') await this.#failures.releaseProbed(work, log);
    if (settled.claim === 'done') await this.#failures.tellReturned(work);
    if (settled.claim === 'rejected') await this.#failures.settleRefused(work);
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
   * The claim has ended, and the history waits in the outbox for the sweeper: that it is not published yet is told of, and
   * changes neither the claim nor the answer. Where what follows fails, the message comes again and finds the work done.
   */
  async #publishHistory(events: readonly OutboxEntry[], log: FlowContext['log']): Promise<void> {
    try {
      await publishWritten(this.#options.ports, events);
    } catch (error) {
      log.warn({ error, events: events.length }, 'history not published yet');
      if (error instanceof PipelineError) return;
      await this.#failures.reportUnclassified(error, log).catch((unreported: unknown) => { log.warn({ error: unreported }, 'alert not raised'); });
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
}

/** True for a delivery after which the bus gives the message up. One that says nothing of its number is never the last. */
const isLast = ({ subscription, attempt }: Delivery): boolean => attempt >= (subscriptions.find(({ name }) => name === subscription)?.deliveriesMax ?? Number.POSITIVE_INFINITY);

/** True for the dead letters of a log. An event of each would be one more that the log cannot take, and a dead letter itself. */
function isOfLog(subscription: string): boolean {
  const known = deadSubscription(subscription);
  return known !== undefined && 'table' in known;
}
