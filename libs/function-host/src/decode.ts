import { epochMs, JobTick, type EpochMs } from '@handoff/contracts';
import type { Delivery } from '@handoff/ports';
import { z } from 'zod';

/** A request as every transport hands it over: a push body, a CloudEvent in either mode, or a job's tick. */
export interface HostRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}

export type Decoded =
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  | { readonly kind: 'tick'; readonly scheduledAt: EpochMs }
  | { readonly kind: 'health' }
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

const StructuredEvent = z.object({ specversion: z.string(), data: z.unknown() });

/** What we publish: the attributes carry identity, the data the payload. */
const Attributes = z.object({ key: z.string().min(1).max(200), correlationId: z.string().min(1) });

/** Decodes a request; what cannot be one of ours is malformed, with the reason. */
export function decodeRequest(request: HostRequest): Decoded {
  if (request.method === 'GET') return { kind: 'health' };
  const tick = JobTick.safeParse(request.body);
  if (tick.success) return { kind: 'tick', scheduledAt: tick.data.scheduledAt };
  const event = StructuredEvent.safeParse(request.body);
  return decodePush(event.success ? event.data.data : request.body);
}

function decodePush(body: unknown): Decoded {
  const push = PushBody.safeParse(body);
  if (!push.success) return malformed(`not a push body: ${firstIssue(push.error)}`);
  const { message, subscription, deliveryAttempt } = push.data;
  const attributes = Attributes.safeParse(message.attributes ?? {});
  if (!attributes.success) return malformed(`attributes: ${firstIssue(attributes.error)}`, message.messageId);
  const payload = decodeData(message.data);
  if (payload === undefined) return malformed('the data is not a JSON object', message.messageId);
  return {
    kind: 'delivery',
    delivery: {
      subscription: subscription.slice(subscription.lastIndexOf('/') + 1),
      messageId: message.messageId,
      publishedAt: epochMs(Date.parse(message.publishTime)),
      attempt: deliveryAttempt ?? 1,
      message: { ...attributes.data, payload, ...(message.orderingKey === undefined ? {} : { orderingKey: message.orderingKey }) },
    },
  };
}

function decodeData(data: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (data === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
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
  const { message, messageId, publishedAt, subscription, attempt } = delivery;
  const { key, correlationId, orderingKey, payload } = message;
  return {
    subscription: `projects/local/subscriptions/${subscription}`,
    deliveryAttempt: attempt,
    message: {
      data: Buffer.from(JSON.stringify(payload), 'utf8').toString('base64'),
      messageId,
      publishTime: new Date(publishedAt).toISOString(),
      attributes: { key, correlationId },
      ...(orderingKey === undefined ? {} : { orderingKey }),
    },
  };
}
