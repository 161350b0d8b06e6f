import { absenceRules } from '@handoff/catalogue';
import type { Installation } from '../installation.ts';
import type { Json } from '../matches.ts';
import { metricOf, policyOf } from '../schemas/monitoring-schemas.ts';
import type { Step } from '../step.ts';
import { gcloud, gcloudJson } from './google.ts';

/** What Cloud Monitoring counts and alerts about by itself: that the watchdog is silent, which nothing of ours can tell. */
export const planMonitoring = (installation: Installation): readonly Step[] =>
  absenceRules.flatMap((rule): readonly Step[] => {
    const metric = metricOf(rule);
    const config = JSON.stringify(metric, null, 2);
    const fromConfig = (verb: string) => ({ ...gcloud(installation, 'logging', 'metrics', verb, rule.metric, '--config-from-file=/dev/stdin'), stdin: config });
    const policy = policyOf(rule);
    const alerting = { ...policy, notificationChannels: installation.monitoringChannels };
    const fromPolicy = (...words: readonly string[]) => gcloud(installation, 'alpha', 'monitoring', 'policies', ...words, `--policy=${JSON.stringify(alerting)}`);
    return [
      {
        // Long before the alert: Google takes a policy only about a metric that it has known for some minutes.
        part: 'metrics', name: `metric ${rule.metric}`,
        look: { command: gcloudJson(installation, 'logging', 'metrics', 'list'), where: { name: rule.metric } },
        wanted: [{ filter: metric.filter }],
        create: [fromConfig('create')], update: [fromConfig('update')],
      },
      {
        part: 'monitoring', name: `alert ${rule.cause}`,
        look: { command: gcloudJson(installation, 'alpha', 'monitoring', 'policies', 'list'), where: { userLabels: policy.userLabels } },
        wanted: [{ conditions: policy.conditions as unknown as Json, notificationChannels: installation.monitoringChannels }],
        create: [fromPolicy('create')], update: [fromPolicy('update', '{name}')],
      },
    ];
  });
