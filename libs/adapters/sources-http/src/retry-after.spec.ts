import { epochMs, seconds } from '@handoff/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryAfter } from './retry-after.ts';

const now = epochMs(Date.UTC(2026, 0, 24, 12));

it.each`
  header                             | wait
  ${undefined}                       | ${undefined}
  ${'0'}                             | ${seconds(0)}
  ${'120'}                           | ${seconds(120)}
  ${' 7 '}                           | ${seconds(7)}
  ${'Sat, 24 Jan 2026 12:00:30 GMT'} | ${seconds(30)}
  ${'Sat, 24 Jan 2026 11:59:00 GMT'} | ${seconds(0)}
  ${'-5'}                            | ${undefined}
  ${'1.5'}                           | ${undefined}
  ${'soon'}                          | ${undefined}
  ${'2026'}                          | ${seconds(2026)}
  ${'Sat, 99 Foo 2026'}              | ${undefined}
  ${'Thu, 01 Jan 1970 00:00:00 GMT'} | ${undefined}
  ${'Sat, 01 Jan 10000 00:00:00 GMT'} | ${Date.UTC(10_000, 0, 1) - now}
`('$header asks for $wait ms', ({ header, wait }: { header: string | undefined; wait: number | undefined }) => {
  expect(retryAfter(header, now)).toBe(wait);
});

it('never throws, and never asks for less than no time, whatever a source sends', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()), fc.nat().map(String)), (header) => {
    const wait = retryAfter(header, now);
    expect(wait === undefined || (Number.isSafeInteger(wait) && wait >= 0)).toBe(true);
  }));
});
