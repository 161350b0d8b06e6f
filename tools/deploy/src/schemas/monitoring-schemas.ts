import { absenceRules, meaningOf, type AbsenceRule } from '@handoff/catalogue';
import type { SchemaFile } from './bigquery-schemas.ts';

/** What Cloud Monitoring counts and alerts about by itself: metrics and policies as its tools take them. Provisioning adds the project and the channels. */
export const monitoringSchemas = (rules: readonly AbsenceRule[] = absenceRules): readonly SchemaFile[] => rules.flatMap((rule): SchemaFile[] => [
  { path: `schemas/monitoring/${rule.metric}.metric.json`, text: textOf(metricOf(rule)) },
  { path: `schemas/monitoring/${rule.cause}.policy.json`, text: textOf(policyOf(rule)) },
]);

const textOf = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** A metric of log lines: `gcloud logging metrics create`. */
export const metricOf = ({ metric, logged }: AbsenceRule) => ({
  name: metric,
  description: `Work of ${logged.function} that ended with ${logged.outcome}.`,
  filter: `resource.type="cloud_run_revision" AND jsonPayload.function="${logged.function}" AND jsonPayload.outcome="${logged.outcome}"`,
  metricDescriptor: { metricKind: 'DELTA', valueType: 'INT64' },
});

/** A policy that alerts when the metric is absent: `gcloud monitoring policies create`. */
export const policyOf = ({ cause, subject, metric, absentFor }: AbsenceRule) => ({
  displayName: `${cause}: ${subject}`,
  severity: 'CRITICAL',
  userLabels: { cause, subject },
  documentation: { mimeType: 'text/markdown', content: `${meaningOf(cause)} See docs/runbooks/${cause}.md.` },
  combiner: 'OR',
  conditions: [{
    displayName: `no ${metric}`,
    conditionAbsent: {
      filter: `resource.type = "cloud_run_revision" AND metric.type = "logging.googleapis.com/user/${metric}"`,
      duration: `${absentFor / 1_000}s`,
      aggregations: [{ alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_SUM' }],
      trigger: { count: 1 },
    },
  }],
  alertStrategy: { autoClose: '1800s' },
});
