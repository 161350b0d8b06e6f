import { hours, seconds } from '@handoff/contracts';
import type { Log } from '@handoff/ports';
import { ManualClock, silentLog } from '@handoff/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { Quotas } from './quotas.ts';

let warnings: unknown[];
let clock: ManualClock;
let quotas: Quotas;

beforeEach(() => {
  warnings = [];
  clock = new ManualClock();
  const log: Log = { ...silentLog, warn: (fields) => { warnings.push(fields); } };
  quotas = new Quotas(clock, log);
});

const change = (times: number, table = 'raw.a'): void => {
  for (let time = 0; time < times; time += 1) quotas.count('table-changes-per-10-seconds', table);
};

describe('a quota', () => {
  it('warns at 80 % of 25 statements in 10 seconds, once', () => {
    change(19);
    expect(warnings).toEqual([]);
    change(6);
    expect(warnings).toEqual([{ quota: 'table-changes-per-10-seconds', table: 'raw.a', used: 20, max: 25 }]);
  });

  it('counts each table by itself', () => {
    for (const table of ['raw.a', 'raw.b', 'raw.c']) change(19, table);
    expect(warnings).toEqual([]);
  });

  it('forgets what is 10 seconds old, and warns again the next time', () => {
    change(20);
    clock.advance(seconds(10));
    change(19);
    expect(warnings).toHaveLength(1);
    change(1);
    expect(warnings).toHaveLength(2);
  });

  it('warns at 1,200 load jobs of a table in 24 hours', () => {
    for (let job = 0; job < 1_199; job += 1) quotas.count('table-load-jobs-per-day', 'raw.a');
    clock.advance(hours(23));
    expect(warnings).toEqual([]);
    quotas.count('table-load-jobs-per-day', 'raw.a');
    expect(warnings).toEqual([{ quota: 'table-load-jobs-per-day', table: 'raw.a', used: 1_200, max: 1_500 }]);
  });

  it('warns when 16 statements wait for one table', () => {
    for (let waiting = 1; waiting <= 20; waiting += 1) quotas.queued('raw.a', waiting);
    expect(warnings).toEqual([{ quota: 'table-changes-queued', table: 'raw.a', used: 16, max: 20 }]);
  });
});
