import { JobTick, parseInstant, type EpochMs } from '@handoff/contracts';
import { deadLettersOf } from '@handoff/catalogue';
import type { DeadLetter, Delivery } from '@handoff/ports';
import { z } from 'zod';

/** A request as every transport hands it over: a push body, a CloudEvent in either mode, or a job's tick. */
export interface HostRequest {
  readonly method: string;
  readonly path: string;
  /** What follows the question mark; absent: nothing does. */
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}

export type Decoded =
  | { readonly kind: 'delivery'; readonly topic: string; readonly delivery: Delivery }
  | { readonly kind: 'dead-letter'; readonly letter: DeadLetter }
  | { readonly kind: 'tick'; readonly job: string; readonly scheduledAt: EpochMs }
  | { readonly kind: 'health' }
  | { readonly kind: 'question'; readonly parameters: unknown }
  | { readonly kind: 'malformed'; readonly problem: string; readonly messageId: string | undefined };

/** The body of a push delivery, and the data of a CloudEvent: the same shape. */
const PushBody = z.object({
  subscription: z.string().min(1),
  deliveryAttempt: z.int().positive().optional(),
  message: z.object({
    data: z.string().optional(),
    messageId: z.string().min(1),
    publishTime: z.string().min(1),
    orderingKey: z.string().optional(),
    attributes: z.record(z.string(), z.string()).optional(),
  }),
});

const StructuredEvent = z.object({ specversion: z.string(), source: z.string().optional(), data: z.unknown() });

/** What we publish: the attributes carry identity, the data the payload. */
const deadDeliveriesAttribute = 'CloudPubSubDeadLetterSourceDeliveryCount';
const Attributes = z.object({
  key: z.string().min(1).max(200), correlationId: z.string().min(1), redrive: z.string().min(1).optional(), probe: z.string().min(1).optional(),
  // Put on by Pub/Sub when it forwards a message to the dead letters.
  [deadDeliveriesAttribute]: z.coerce.number().int().nonnegative().optional().catch(undefined),
});

/** A job whose body is fixed, as Cloud Scheduler's is; the time is in a header. */
const JobBody = z.object({ job: z.string().min(1) });
const scheduleTimeHeader = 'x-cloudscheduler-scheduletime';

/** Where a function is asked what it answers on demand; every other path is a message's, a job's or a check of health. */
export const questionPath = '/ask';

/** Decodes a request; what cannot be one of ours is malformed, with the reason. */
export function decodeRequest(request: HostRequest): Decoded {
  if (request.path === questionPath) return { kind: 'question', parameters: request.method === 'GET' ? (request.query ?? {}) : bodyOf(request.body) };
  if (request.method === 'GET') return { kind: 'health' };
  const body = parsedBody(request.body);
  const tick = decodeTick(body, headerOf(request, scheduleTimeHeader));
  if (tick !== undefined) return tick;
  const event = StructuredEvent.safeParse(body);
  if (event.success) return decodePush(event.data.data, event.data.source);
  return decodePush(body, headerOf(request, 'ce-source'));
}

function decodeTick(body: unknown, scheduleTime: string | undefined): Decoded | undefined {
  const tick = JobTick.safeParse(body);
  if (tick.success) return { kind: 'tick', ...tick.data };
  const job = JobBody.safeParse(body);
  const scheduledAt = instantOf(scheduleTime ?? '');
  return job.success && scheduledAt !== undefined ? { kind: 'tick', job: job.data.job, scheduledAt } : undefined;
}

/** `source` is a CloudEvent's: it names the topic where the subscription is one that Eventarc made and named. */
function decodePush(body: unknown, source: string | undefined): Decoded {
  const push = PushBody.safeParse(body);
  if (!push.success) return malformed(`not a push body: ${firstIssue(push.error)}`);
  const { message, subscription: path, deliveryAttempt } = push.data;
  const subscription = lastPartOf(path);
  const topic = topicOf(subscription, source);
  if (topic === undefined) return malformed(`subscription ${subscription} names no topic`, message.messageId);
  const publishedAt = instantOf(message.publishTime);
  if (publishedAt === undefined) return malformed(`publishTime: ${message.publishTime} is not an instant`, message.messageId);
  const attributes = Attributes.safeParse(message.attributes ?? {});
  if (!attributes.success) return malformed(`attributes: ${firstIssue(attributes.error)}`, message.messageId);
  if (message.data === undefined || message.data === '') return malformed('there is no data', message.messageId);
  const payload = jsonObject(Buffer.from(message.data, 'base64').toString('utf8'));
  if (payload === undefined) return malformed('the data is not a JSON object', message.messageId);
  const { key, correlationId, redrive, probe, [deadDeliveriesAttribute]: deadDeliveries } = attributes.data;
  const optional = { ...(message.orderingKey === undefined ? {} : { orderingKey: message.orderingKey }), ...(redrive === undefined ? {} : { redrive }), ...(probe === undefined ? {} : { probe }) };
  const sent = { messageId: message.messageId, publishedAt, message: { key, correlationId, payload, ...optional } };
  const deadAt = deadLettersOf(subscription);
  if (deadAt !== undefined) return { kind: 'dead-letter', letter: { subscription: deadAt, deliveries: deadDeliveries ?? 0, ...sent } };
  return { kind: 'delivery', topic, delivery: { subscription, attempt: deliveryAttempt ?? 1, ...sent } };
}

/** `topic--function`, as we name our subscriptions; else the topic at the end of the event's source. */
function topicOf(subscription: string, source: string | undefined): string | undefined {
  const end = subscription.indexOf('--');
  if (end > 0) return subscription.slice(0, end);
  return source?.includes('/topics/') === true ? lastPartOf(source) : undefined;
}

const lastPartOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function headerOf({ headers }: HostRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

function instantOf(text: string): EpochMs | undefined {
  try {
    return parseInstant(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A body that the framework left as bytes or text, since its content type was not JSON's: Cloud Scheduler's default. */
function parsedBody(body: unknown): unknown {
  if (typeof body === 'string') return jsonObject(body) ?? body;
  if (body instanceof Uint8Array) return jsonObject(Buffer.from(body).toString('utf8')) ?? body;
  return body;
}

const bodyOf = (body: unknown): unknown => {
  const parsed = parsedBody(body);
  return parsed === undefined || parsed === '' ? {} : parsed;
};

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const firstIssue = (error: z.ZodError): string => {
  const [issue] = error.issues;
  return issue === undefined ? 'unknown' : `${issue.path.join('.') || 'body'}: ${issue.message}`;
};

const malformed = (problem: string, messageId?: string): Decoded => ({ kind: 'malformed', problem, messageId });

/** The push body of a delivery: what the local bus sends, in the shape that Pub/Sub sends. */
export function encodePush(delivery: Delivery): Readonly<Record<string, unknown>> {
  const { message, messageId, publishedAt, subscription, attempt, deadDeliveries } = delivery;
  const { key, correlationId, redrive, probe, orderingKey, payload } = message;
  return {
    subscription: `projects/local/subscriptions/${subscription}`,
    deliveryAttempt: attempt,
    message: {
      data: Buffer.from(JSON.stringify(payload), 'utf8').toString('base64'),
      messageId,
      publishTime: new Date(publishedAt).toISOString(),
      attributes: { key, correlationId, ...(redrive === undefined ? {} : { redrive }), ...(probe === undefined ? {} : { probe }), ...(deadDeliveries === undefined ? {} : { [deadDeliveriesAttribute]: String(deadDeliveries) }) },
      ...(orderingKey === undefined ? {} : { orderingKey }),
    },
  };
}
