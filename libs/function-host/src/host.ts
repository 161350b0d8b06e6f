import { alertCodes, tableNamed, type AlertCause } from '@handoff/catalogue';
import { after, hashOf, minutes, PipelineError, type EpochMs } from '@handoff/contracts';
import type { Delivery, FlowContext, FlowReport, FunctionDefinition, Ports } from '@handoff/ports';
import { claimWork, endClaim, type Instance } from './claims.ts';
import { decodeRequest, type HostRequest } from './decode.ts';

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
  readonly delivery: Delivery | undefined;
  readonly run: (context: FlowContext) => Promise<FlowReport>;
}

class FunctionHost<Config> {
  readonly #options: HostOptions<Config>;

  constructor(options: HostOptions<Config>) {
    this.#options = options;
  }

  async handle(request: HostRequest): Promise<HostResponse> {
    const decoded = decodeRequest(request);
    switch (decoded.kind) {
      case 'health':
        return this.#health();
      case 'tick':
        return this.#tick(decoded.scheduledAt);
      case 'delivery':
        return this.#deliver(decoded.delivery);
      case 'malformed':
        return this.#refuse(decoded.problem, decoded.messageId ?? 'unknown');
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

  async #tick(scheduledAt: EpochMs): Promise<HostResponse> {
    const { definition, config } = this.#options;
    const { onSchedule } = definition;
    if (onSchedule === undefined) return this.#refuse('this function has no schedule', String(scheduledAt));
    const key = `tick-${scheduledAt}`;
    return this.#work({ key, correlationId: `${definition.name}-${scheduledAt}`, delivery: undefined, run: (context) => onSchedule(context, config, { scheduledAt }) });
  }

  async #deliver(delivery: Delivery): Promise<HostResponse> {
    const { definition, config } = this.#options;
    const topic = delivery.subscription.slice(0, delivery.subscription.indexOf('--'));
    const messageRoute = definition.routes.find((candidate) => candidate.topic === topic);
    if (messageRoute === undefined) return this.#refuse(`no route for topic ${topic}`, delivery.messageId);
    const bound = messageRoute.accept(delivery.message.payload);
    if (!bound.isValid) return this.#refuse(bound.problem, delivery.messageId);
    const { key, correlationId } = delivery.message;
    return this.#work({ key: `${topic}-${key}`, correlationId, delivery, run: (context) => bound.run(context, config) });
  }

  async #work(work: Work): Promise<HostResponse> {
    const { definition, ports, instance } = this.#options;
    const log = ports.log.child({ function: definition.name, work: work.key, correlationId: work.correlationId });
    const ref = { collection: `claims_${definition.name}`, id: work.key.length > 200 ? hashOf(work.key) : work.key };
    const result = await claimWork(ports.state, ref, instance, ports.clock.now());
    if (result.kind === 'done') return { status: 200, body: { outcome: 'duplicate' } };
    if (result.kind === 'held') return { status: 503, body: { outcome: 'held' } };
    try {
      const report = await work.run({ ports, log, correlationId: work.correlationId });
      await endClaim(ports.state, result.claim, 'done', report.outcome);
      log.info({ outcome: report.outcome, ...report.facts }, 'work done');
      return { status: 200, body: { outcome: report.outcome, ...report.facts } };
    } catch (error) {
      const response = await this.#settle(error, work, log);
      await endClaim(ports.state, result.claim, response.status < 300 && response.body['outcome'] === 'rejected' ? 'done' : 'released', String(response.body['outcome']));
      return response;
    }
  }

  async #settle(error: unknown, work: Work, log: FlowContext['log']): Promise<HostResponse> {
    const { definition } = this.#options;
    if (!(error instanceof PipelineError)) {
      log.error({ error }, 'work failed on an unclassified error');
      await this.#alert('function-failed', definition.name, { function: definition.name, error: error instanceof Error ? error.message : String(error) });
      return { status: 500, body: { outcome: 'failed' } };
    }
    log.warn({ error, code: error.code, disposition: error.disposition }, 'work refused');
    switch (error.disposition) {
      case 'retry':
        return { status: 503, body: { outcome: 'retry', code: error.code, message: error.message } };
      case 'reject':
        await this.#keepRejected(work, error);
        return { status: 200, body: { outcome: 'rejected', code: error.code, message: error.message } };
      case 'defer':
        return this.#defer(error, work);
    }
  }

  /** The work is kept before the message is acknowledged: if it cannot be kept, the message comes again. */
  async #defer(error: PipelineError, work: Work): Promise<HostResponse> {
    const { ports } = this.#options;
    const until = error.until ?? after(ports.clock.now(), deferral);
    await this.#alert('platform-fault', error.code, { code: error.code, message: error.message, ...error.facts });
    if (work.delivery !== undefined) {
      const topic = work.delivery.subscription.slice(0, work.delivery.subscription.indexOf('--'));
      await ports.delays.schedule(topic, work.delivery.message, until);
    }
    return { status: 200, body: { outcome: 'deferred', code: error.code, until } };
  }

  async #keepRejected(work: Work, error: PipelineError): Promise<void> {
    const { definition, ports } = this.#options;
    const { code, message, facts } = error;
    const id = hashOf(`${definition.name}|${work.key}`);
    await ports.state.batch([{ kind: 'set', ref: { collection: 'rejected', id }, value: { function: definition.name, work: work.key, code, message, facts, at: ports.clock.now(), payload: work.delivery?.message.payload ?? null } }]);
    await this.#alert(causeOf(code), work.key, { function: definition.name, code, message, ...facts });
  }

  async #refuse(problem: string, messageId: string): Promise<HostResponse> {
    const { definition, ports } = this.#options;
    ports.log.error({ function: definition.name, messageId, problem }, 'message refused');
    await ports.state.batch([{ kind: 'set', ref: { collection: 'rejected', id: hashOf(`${definition.name}|${messageId}`) }, value: { function: definition.name, work: messageId, code: 'malformed-message', message: problem, at: ports.clock.now() } }]);
    await this.#alert('malformed-message', definition.name, { function: definition.name, problem, messageId });
    return { status: 200, body: { outcome: 'rejected', code: 'malformed-message', problem } };
  }

  async #alert(cause: AlertCause, subject: string, facts: Readonly<Record<string, string | number | boolean | null | readonly string[]>>): Promise<void> {
    const { ports } = this.#options;
    await ports.notifier.alert({ cause, subject, severity: cause === 'platform-fault' ? 'critical' : 'error', title: `${cause}: ${subject}`, facts, at: ports.clock.now() });
  }
}

/** Every alert has a cause that the catalogue, and so a runbook, knows; the error's own code is a fact of it. */
const causeOf = (code: string): AlertCause => alertCodes.find((alert) => alert.code === code)?.code ?? 'message-rejected';
