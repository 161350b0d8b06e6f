import { epochMs } from '@handoff/contracts';
import type { Delivery } from '@handoff/ports';
import { brokenShape, type Place } from '@handoff/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRequest, encodePush, type Decoded, type HostRequest } from './index.ts';

const delivery: Delivery = {
  subscription: 'phase3-trigger--phase3-analytics', messageId: '1769256000000-7', publishedAt: epochMs(1_769_256_000_000), attempt: 3,
  message: { key: 'nba_2026-01-24_r1', correlationId: 'chain', payload: { text: 'Dončić 東京', list: [1] } },
};
const push = encodePush(delivery);
const source = '//pubsub.googleapis.com/projects/my-project/topics/phase3-trigger';
const binary = { 'ce-id': '1', 'ce-source': source, 'ce-specversion': '1.0', 'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished' };
const post = (body: unknown, headers: HostRequest['headers'] = {}): Decoded => decodeRequest({ method: 'POST', path: '/', headers, body });
const transports: readonly (readonly [string, (body: unknown) => Decoded])[] = [
  ['a push body', (body) => post(body)],
  ['a push body as text', (body) => post(JSON.stringify(body))],
  ['a push body as bytes', (body) => post(new TextEncoder().encode(JSON.stringify(body)))],
  ['a CloudEvent in binary mode', (body) => post(body, binary)],
  ['a CloudEvent in structured mode', (body) => post({ specversion: '1.0', id: '1', source, type: binary['ce-type'], data: body })],
];
const kinds: readonly Decoded['kind'][] = ['delivery', 'dead-letter', 'tick', 'health', 'malformed'];

/** A field of a push body that a delivery may do without. */
const isOptional = (place: Place): boolean => ['deliveryAttempt'].includes(String(place.at(-1)));

describe.each(transports)('%s', (_, decode) => {
  it('is a delivery as it was sent', () => {
    expect(decode(push)).toEqual({ kind: 'delivery', topic: 'phase3-trigger', delivery });
  });

  it('that is broken at any one place is malformed, and says why', () => {
    fc.assert(fc.property(brokenShape(push), ({ place, way, value }) => {
      const decoded = decode(value);
      const isWhole = isOptional(place) && (way === 'dropped' || way === 'renamed');
      expect(decoded.kind).toBe(isWhole ? 'delivery' : 'malformed');
      if (decoded.kind === 'malformed') expect(decoded.problem).not.toBe('');
    }), { numRuns: 300 });
  });
});

describe('any request', () => {
  const header = fc.option(fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 2 })), { nil: undefined });
  const headers = fc.record({ 'ce-source': header, 'x-cloudscheduler-scheduletime': header });
  const known = fc.constantFrom('job', 'scheduledAt', 'message', 'subscription', 'data', 'specversion', 'source', 'attributes', 'publishTime', 'messageId', '__proto__', 'constructor', 'toString');
  const { document } = fc.letrec((tie) => ({
    document: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), fc.dictionary(known, tie('document'), { maxKeys: 6 }), fc.constantFrom('master-controller', '2026-01-24T12:00:00Z', 1_769_256_000_000, 'a--b', 'e30=')),
  }));

  it.each<readonly [string, fc.Arbitrary<unknown>]>([
    ['JSON', document],
    ['text', fc.oneof(fc.string({ unit: 'binary' }), document.map((value) => JSON.stringify(value)), document.map((value) => JSON.stringify(value).slice(0, -2)))],
    ['bytes', fc.uint8Array({ maxLength: 300 })],
    ['data of a push body', fc.oneof(fc.string(), fc.base64String(), fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'))).map((data) => ({ ...push, message: { ...(push['message'] as object), data } }))],
    ['publish times', fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map((date) => date.toISOString()), fc.constantFrom('1970-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', '0000-01-01T00:00:00Z')).map((publishTime) => ({ ...push, message: { ...(push['message'] as object), publishTime } }))],
  ])('of %s is one of ours or malformed, and never an error', (_, body) => {
    fc.assert(fc.property(body, headers, (one, with_) => {
      expect(kinds).toContain(post(one, with_).kind);
    }), { numRuns: 400 });
  });

  it('nested as deep as a body may be is malformed', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    for (const body of [deep, `{"message":${deep}}`, JSON.parse(deep) as unknown, { ...push, message: { ...(push['message'] as object), attributes: JSON.parse(deep) as unknown } }]) expect(post(body).kind).toBe('malformed');
  });
});
