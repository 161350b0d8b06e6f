import type { Clock, Log, Notifier } from '@handoff/ports';
import type { QuotaWatch } from '@handoff/warehouse-bigquery';

/** Tells people of quotas of BigQuery that are near, and when they are not any more. The warehouse does not wait for it. */
export function quotaAlerts(notifier: () => Notifier, clock: Clock, log: Log): QuotaWatch {
  const subjectOf = (quota: string, table: string): string => `${table} ${quota}`;
  const tell = (telling: Promise<void>): void => { telling.catch((error: unknown) => { log.error({ error }, 'a quota that is near was not told of'); }); };
  return {
    near({ quota, table, used, max }) {
      const title = `${table}: ${used} of ${max} used of ${quota}`;
      tell(notifier().alert({ cause: 'warehouse-quota-near', subject: subjectOf(quota, table), severity: 'warning', title, facts: { table, quota, used, max }, at: clock.now() }));
    },
    below(quota, table) {
      tell(notifier().resolve('warehouse-quota-near', subjectOf(quota, table), clock.now()));
    },
  };
}
