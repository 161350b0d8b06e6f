/** How loud something is told, from the least. */
export const severities = ['info', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** A way to people. Alerts below `severityMin` do not take it. */
export interface AlertChannel {
  readonly name: string;
  readonly title: string;
  readonly severityMin: Severity;
  /** The variable that says how it is reached, which nobody else may know. */
  readonly secret: { readonly variable: string };
}

/** Every way by which people are told, in the order in which one stands in for another that fails: whoever is on call is woken by what is critical alone. */
export const alertChannels = [
  { name: 'slack', title: 'Slack', severityMin: 'info', secret: { variable: 'SLACK_WEBHOOK_URL' } },
  { name: 'pagerduty', title: 'PagerDuty', severityMin: 'critical', secret: { variable: 'PAGERDUTY_ROUTING_KEY' } },
  { name: 'email', title: 'E-mail', severityMin: 'error', secret: { variable: 'SMTP_URL' } },
] as const satisfies readonly AlertChannel[];

export type AlertChannelName = (typeof alertChannels)[number]['name'];
