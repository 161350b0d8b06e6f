import { after, days, hours, milliseconds, minutes, parseInstant, seconds, type DurationMs } from '@handoff/contracts';
import type { Log } from '@handoff/ports';
import { ManualClock, silentLog } from '@handoff/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Quotas } from './quotas.ts';

let warnings: unknown[];
let told: string[];
let waits: number[];
let clock: ManualClock;
let quotas: Quotas;

beforeEach(() => {
  [warnings, told, waits] = [[], [], []];
  clock = new ManualClock(parseInstant('2026-01-24T12:00:00Z'));
  const log: Log = { ...silentLog, warn: (fields) => { warnings.push(fields); } };
  quotas = new Quotas(clock, log, { project: 'spec', holdsBack: true, watch: { near: ({ quota, subject, used }) => { told.push(`near ${quota} ${subject} ${used}`); }, below: (quota, subject) => { told.push(`below ${quota} ${subject}`); } } });
});

/** Time passes while it is waited. */
const wait = (span: DurationMs): Promise<void> => {
  waits.push(span);
  clock.advance(span);
  return Promise.resolve();
};
const change = async (times: number, table = 'raw.a'): Promise<void> => {
  for (let time = 0; time < times; time += 1) await quotas.admitChange(table, wait);
};
const load = (times: number): void => {
  for (let time = 0; time < times; time += 1) quotas.admitLoadJob();
};

describe('a quota', () => {
  it('warns at 80 % of 25 statements in 10 seconds, once', async () => {
    await change(19);
    expect(warnings).toEqual([]);
    await change(6);
    expect(warnings).toEqual([{ quota: 'table-changes-per-10-seconds', subject: 'raw.a', used: 20, max: 25 }]);
  });

  it('counts each table by itself', async () => {
    for (const table of ['raw.a', 'raw.b', 'raw.c']) await change(19, table);
    expect(warnings).toEqual([]);
  });

  it('forgets what is 10 seconds old, and warns again the next time', async () => {
    await change(20);
    clock.advance(seconds(10));
    await change(19);
    expect(warnings).toHaveLength(1);
    await change(1);
    expect(warnings).toHaveLength(2);
  });

  it('warns at 80,000 load jobs of the project in 24 hours', () => {
    load(79_999);
    clock.advance(hours(23));
    expect(warnings).toEqual([]);
    load(1);
    expect(warnings).toEqual([{ quota: 'project-load-jobs-per-day', subject: 'spec', used: 80_000, max: 100_000 }]);
  });

  it('counts a statement that is made again after a conflict, without a wait', async () => {
    await change(19);
    quotas.countRepeated('raw.a');
    expect(warnings).toHaveLength(1);
    for (let time = 0; time < 10; time += 1) quotas.countRepeated('raw.a');
    expect(waits).toEqual([]);
    await change(1);
    expect(waits).toEqual([seconds(10)]);
  });

  it('warns when 16 statements wait for one table', () => {
    for (let waiting = 1; waiting <= 20; waiting += 1) quotas.queued('raw.a', waiting);
    expect(warnings).toEqual([{ quota: 'table-changes-queued', subject: 'raw.a', used: 16, max: 20 }]);
  });
});

describe('people', () => {
  it('are told once per quota, table and day, and when it is below again', async () => {
    await change(20);
    clock.advance(seconds(10));
    await change(20);
    expect(told).toEqual(['near table-changes-per-10-seconds raw.a 20', 'below table-changes-per-10-seconds raw.a']);
    clock.advance(days(1));
    await change(20);
    expect(told.slice(2)).toEqual(['below table-changes-per-10-seconds raw.a', 'near table-changes-per-10-seconds raw.a 20']);
  });
});

describe('before BigQuery refuses', () => {
  it('the 26th statement in 10 seconds waits until the first is 10 seconds old', async () => {
    await change(1);
    clock.advance(seconds(4));
    await change(24);
    expect(waits).toEqual([]);
    await change(1);
    expect(waits).toEqual([seconds(6)]);
    await change(1, 'raw.b');
    expect(waits).toHaveLength(1);
  });

  it('no 10 seconds hold more than 25 statements, however they come', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(900), { minLength: 1, maxLength: 120 }), async (gaps) => {
      const own = new ManualClock(parseInstant('2026-01-24T12:00:00Z'));
      const counted = new Quotas(own, silentLog, { project: 'spec', holdsBack: true });
      const sent: number[] = [];
      for (const gap of gaps) {
        own.advance(milliseconds(gap));
        await counted.admitChange('raw.a', (span) => { own.advance(span); return Promise.resolve(); });
        sent.push(own.now());
      }
      for (const at of sent) expect(sent.filter((other) => other > at - 10_000 && other <= at).length).toBeLessThanOrEqual(25);
    }));
  });

  it('nothing is held back where it is not asked for: a clock that stands still would never let it go', async () => {
    const counted = new Quotas(clock, silentLog, { project: 'spec', holdsBack: false });
    for (let time = 0; time < 30; time += 1) await counted.admitChange('raw.a', wait);
    for (let time = 0; time < 100_001; time += 1) counted.admitLoadJob();
    expect(waits).toEqual([]);
  });

  it('the 100,001st load job of 24 hours is deferred until the first leaves them, and counts for nothing', () => {
    const first = clock.now();
    load(1);
    clock.advance(minutes(5));
    load(99_999);
    const refusal = expect.objectContaining({ code: 'warehouse-quota-exceeded', disposition: 'defer', until: after(first, hours(24)), facts: { project: 'spec', quota: 'project-load-jobs-per-day', max: 100_000 } }) as Error;
    expect(() => { load(1); }).toThrow(refusal);
    expect(() => { load(1); }).toThrow(refusal);
    clock.advance(milliseconds(hours(24) - minutes(5) - 1));
    expect(() => { load(1); }).toThrow(refusal);
    clock.advance(milliseconds(1));
    load(1);
    expect(() => { load(1); }).toThrow(expect.objectContaining({ until: after(first, milliseconds(hours(24) + minutes(5))) }) as Error);
  });
});
