/** A way to people. Alerts below `severityMin` do not take it. */
export interface AlertChannel {
  readonly name: string;
  readonly title: string;
  readonly severityMin: 'info' | 'warning' | 'error' | 'critical';
}

/** Every way by which people are told: whoever is on call is woken by what is critical alone. */
export const alertChannels = [
  { name: 'slack', title: 'Slack', severityMin: 'info' },
  { name: 'pagerduty', title: 'PagerDuty', severityMin: 'critical' },
  { name: 'email', title: 'E-mail', severityMin: 'error' },
] as const satisfies readonly AlertChannel[];

export type AlertChannelName = (typeof alertChannels)[number]['name'];
