import { alertCodes } from '@handoff/catalogue';
import type { Alert, Log, Notifier } from '@handoff/ports';
import { ManualClock, silentLog } from '@handoff/testing';
import { expect, it } from 'vitest';
import { quotaAlerts } from './quota-alerts.ts';

const clock = new ManualClock();
const warning = { quota: 'table-changes-queued', subject: 'nba_raw.a', used: 16, max: 20 } as const;

it('a quota that is near is an incident of its table and quota, under a code of the catalogue, and ends when it is below', async () => {
  const alerts: Alert[] = [];
  const resolved: string[] = [];
  const notifier: Notifier = { alert: (alert) => { alerts.push(alert); return Promise.resolve(); }, resolve: (cause, subject) => { resolved.push(`${cause} ${subject}`); return Promise.resolve(); }, review: () => Promise.reject(new Error('not asked')), post: () => Promise.reject(new Error('not asked')) };
  const watch = quotaAlerts(() => notifier, clock, silentLog);
  watch.near(warning);
  watch.below(warning.quota, warning.subject);
  await Promise.resolve();
  expect(alerts).toEqual([{ cause: 'warehouse-quota-near', subject: 'nba_raw.a table-changes-queued', severity: 'warning', title: 'nba_raw.a: 16 of 20 used of table-changes-queued', facts: { ...warning }, at: clock.now() }]);
  expect(resolved).toEqual(['warehouse-quota-near nba_raw.a table-changes-queued']);
  expect(alertCodes.find(({ code }) => code === alerts[0]?.cause)?.severity).toBe('warning');
});

it('a notifier that fails is logged, and the warehouse never hears of it', async () => {
  const logged: string[] = [];
  const log: Log = { ...silentLog, error: (_, message) => { logged.push(message); } };
  const watch = quotaAlerts(() => ({ alert: () => Promise.reject(new Error('away')), resolve: () => Promise.reject(new Error('away')), review: () => Promise.reject(new Error('away')), post: () => Promise.reject(new Error('away')) }), clock, log);
  watch.near(warning);
  watch.below(warning.quota, warning.subject);
  for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
  expect(logged).toHaveLength(2);
});
