import type { Clock, Log, Notifier } from '@handoff/ports';
import type { QuotaWatch } from '@handoff/warehouse-bigquery';

/** Tells people of quotas of BigQuery that are near, and when they are not any more. The warehouse does not wait for it. */
export function quotaAlerts(notifier: () => Notifier, clock: Clock, log: Log): QuotaWatch {
  const incidentOf = (quota: string, subject: string): string => `${subject} ${quota}`;
  const tell = (telling: Promise<void>): void => { telling.catch((error: unknown) => { log.error({ error }, 'a quota that is near was not told of'); }); };
  return {
    near({ quota, subject, used, max }) {
      const title = `${subject}: ${used} of ${max} used of ${quota}`;
      tell(notifier().alert({ cause: 'warehouse-quota-near', subject: incidentOf(quota, subject), severity: 'warning', title, facts: { subject, quota, used, max }, at: clock.now() }));
    },
    below(quota, subject) {
      tell(notifier().resolve('warehouse-quota-near', incidentOf(quota, subject), clock.now()));
    },
  };
}
