/** How loud something is told, from the least. */
export const severities = ['info', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** A way to people. Alerts below `severityMin` do not take it. */
export interface AlertChannel {
  readonly name: string;
  readonly title: string;
  readonly severityMin: Severity;
}

/** Every way by which people are told, in the order in which one stands in for another that fails: whoever is on call is woken by what is critical alone. */
export const alertChannels = [
  { name: 'slack', title: 'Slack', severityMin: 'info' },
  { name: 'pagerduty', title: 'PagerDuty', severityMin: 'critical' },
  { name: 'email', title: 'E-mail', severityMin: 'error' },
] as const satisfies readonly AlertChannel[];

export type AlertChannelName = (typeof alertChannels)[number]['name'];
