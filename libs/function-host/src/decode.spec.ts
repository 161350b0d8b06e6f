import { epochMs } from '@handoff/contracts';
import type { Delivery } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import { decodeRequest, encodePush, type Decoded, type HostRequest } from './index.ts';

const delivery: Delivery = {
  subscription: 'phase3-trigger--phase3-analytics', messageId: '1769256000000-7', publishedAt: epochMs(1_769_256_000_000), attempt: 3,
  message: { key: 'nba_2026-01-24_r1', correlationId: 'chain', payload: { text: 'Dončić 東京', list: [1] }, orderingKey: '2026-01-24' },
};

const post = (body: unknown, headers: HostRequest['headers'] = {}): Decoded => decodeRequest({ method: 'POST', path: '/', headers, body });
type Push = { subscription: string; deliveryAttempt?: number; message: Record<string, unknown> };
const push = (change: (body: Push) => void = () => undefined): Push => {
  const body = structuredClone(encodePush(delivery)) as unknown as Push;
  change(body);
  return body;
};
const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const eventarc = '//pubsub.googleapis.com/projects/my-project/topics/phase3-trigger';
const binary = { 'ce-id': '1', 'ce-source': eventarc, 'ce-specversion': '1.0', 'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished' };
const structured = (data: unknown) => ({ specversion: '1.0', id: '1', source: eventarc, type: 'google.cloud.pubsub.topic.v1.messagePublished', data });

describe('a push delivery', () => {
  it.each<[string, () => Decoded]>([
    ['raw', () => post(push())],
    ['as text', () => post(JSON.stringify(push()))],
    ['as bytes', () => post(new TextEncoder().encode(JSON.stringify(push())))],
    ['in a CloudEvent in binary mode', () => post(push(), binary)],
    ['in a CloudEvent in structured mode', () => post(structured(push()), { 'content-type': 'application/cloudevents+json' })],
  ])('comes back whole: %s', (_, decode) => {
    expect(decode()).toEqual({ kind: 'delivery', topic: 'phase3-trigger', delivery });
  });

  it.each<[string, () => Decoded]>([
    ['binary', () => post(push((body) => { body.subscription = 'projects/p/subscriptions/eventarc-us-central1-analytics-123456-sub-789'; }), binary)],
    ['structured', () => post(structured(push((body) => { body.subscription = 'projects/p/subscriptions/eventarc-us-central1-analytics-123456-sub-789'; })))],
  ])('through a subscription that Eventarc named takes its topic from the event: %s', (_, decode) => {
    expect(decode()).toMatchObject({ kind: 'delivery', topic: 'phase3-trigger', delivery: { subscription: 'eventarc-us-central1-analytics-123456-sub-789' } });
  });

  it('that people have sent again keeps its redrive', () => {
    const again: Delivery = { ...delivery, message: { ...delivery.message, redrive: 'after the fix' } };
    expect(post(encodePush(again))).toEqual({ kind: 'delivery', topic: 'phase3-trigger', delivery: again });
  });

  it('is the first attempt, without an ordering key, where it says nothing of them', () => {
    const decoded = post(push((body) => {
      delete body.deliveryAttempt;
      delete body.message['orderingKey'];
    }));
    if (decoded.kind !== 'delivery') throw new Error(decoded.kind);
    expect(decoded.delivery.attempt).toBe(1);
    expect(decoded.delivery.message).toStrictEqual({ key: 'nba_2026-01-24_r1', correlationId: 'chain', payload: { text: 'Dončić 東京', list: [1] } });
  });

  it.each<[string, unknown, string]>([
    ['no body', undefined, 'not a push body'],
    ['an empty body', {}, 'not a push body'],
    ['an empty text', '', 'not a push body'],
    ['text that is no JSON', '<html>', 'not a push body'],
    ['a list', [1], 'not a push body'],
    ['attributes alone', push((body) => { delete body.message['data']; }), 'there is no data'],
    ['empty data', push((body) => { body.message['data'] = ''; }), 'there is no data'],
    ['data that is no JSON', push((body) => { body.message['data'] = base64('not JSON'); }), 'the data is not a JSON object'],
    ['data that is a list', push((body) => { body.message['data'] = base64('[1]'); }), 'the data is not a JSON object'],
    ['data that is null', push((body) => { body.message['data'] = base64('null'); }), 'the data is not a JSON object'],
    ['data that is no base64', push((body) => { body.message['data'] = '%%%'; }), 'the data is not a JSON object'],
    ['no attributes', push((body) => { delete body.message['attributes']; }), 'attributes: key'],
    ['a key of 201 characters', push((body) => { body.message['attributes'] = { key: 'k'.repeat(201), correlationId: 'c' }; }), 'attributes: key'],
    ['no correlation id', push((body) => { body.message['attributes'] = { key: 'k' }; }), 'attributes: correlationId'],
    ['a time that is none', push((body) => { body.message['publishTime'] = 'yesterday'; }), 'publishTime: yesterday'],
    ['a time without a zone', push((body) => { body.message['publishTime'] = '2026-01-24T12:00:00'; }), 'publishTime: 2026'],
    ['a subscription that names no topic', push((body) => { body.subscription = 'projects/p/subscriptions/mine'; }), 'subscription mine names no topic'],
    ['an event without data', structured(undefined), 'not a push body'],
  ])('is malformed, with the reason: %s', (_, body, problem) => {
    expect(post(body)).toMatchObject({ kind: 'malformed', problem: expect.stringContaining(problem) as string });
  });

  it('that is malformed keeps its message id where it has one', () => {
    expect(post(push((body) => { delete body.message['data']; }))).toMatchObject({ messageId: '1769256000000-7' });
    expect(post({})).toMatchObject({ messageId: undefined });
  });
});

describe('a tick of a schedule job', () => {
  const tick = { kind: 'tick', job: 'outbox-sweeper', scheduledAt: 1_769_256_000_000 };

  it.each<[string, () => Decoded]>([
    ['in its body', () => post({ job: 'outbox-sweeper', scheduledAt: 1_769_256_000_000 })],
    ['in the header of Cloud Scheduler', () => post({ job: 'outbox-sweeper' }, { 'x-cloudscheduler-scheduletime': '2026-01-24T12:00:00Z' })],
    ['in the header, with a body of bytes', () => post(new TextEncoder().encode('{"job":"outbox-sweeper"}'), { 'x-cloudscheduler-scheduletime': ['2026-01-24T07:00:00-05:00'] })],
  ])('has its time %s', (_, decode) => {
    expect(decode()).toEqual(tick);
  });

  it.each([[{ job: 'outbox-sweeper' }], [{ job: 'outbox-sweeper', scheduledAt: 1_769_256_000 }], [{ job: '', scheduledAt: 1_769_256_000_000 }]])('is malformed without a job or a time in milliseconds: %j', (body) => {
    expect(post(body)).toMatchObject({ kind: 'malformed' });
  });
});

describe('a GET', () => {
  it.each([
    [{ method: 'GET', query: { hours: '4' }, body: undefined }, { hours: '4' }],
    [{ method: 'GET', body: undefined }, {}],
    [{ method: 'POST', body: { hours: 4 } }, { hours: 4 }],
    [{ method: 'POST', body: '{"hours":4}' }, { hours: 4 }],
    [{ method: 'POST', body: '' }, {}],
    [{ method: 'POST', body: undefined }, {}],
  ])('%j at /ask asks with %j', (request, parameters) => {
    expect(decodeRequest({ path: '/ask', headers: {}, ...request })).toEqual({ kind: 'question', parameters });
  });

  it('asks for health, whatever else it carries', () => {
    expect(decodeRequest({ method: 'GET', path: '/', headers: {}, body: {} })).toEqual({ kind: 'health' });
  });
});

describe('a dead letter', () => {
  const push = encodePush({ subscription: 'dead-letters.phase3-trigger--phase3-analytics', messageId: 'm9', publishedAt: epochMs(1_769_313_600_000), attempt: 2, deadDeliveries: 5, message: { key: 'work', correlationId: 'chain', payload: { a: 1 } } });

  it('names the subscription that gave it up, and how many deliveries it had there', () => {
    expect(decodeRequest({ method: 'POST', path: '/', headers: {}, body: push })).toEqual({
      kind: 'dead-letter', letter: { subscription: 'phase3-trigger--phase3-analytics', messageId: 'm9', publishedAt: 1_769_313_600_000, deliveries: 5, message: { key: 'work', correlationId: 'chain', payload: { a: 1 } } },
    });
  });

  it('without a number of deliveries is taken all the same', () => {
    const { message, ...rest } = push as { message: { attributes: Record<string, string> } };
    const body = { ...rest, message: { ...message, attributes: { key: 'work', correlationId: 'chain' } } };
    expect(decodeRequest({ method: 'POST', path: '/', headers: {}, body })).toMatchObject({ kind: 'dead-letter', letter: { deliveries: 0 } });
  });
});
