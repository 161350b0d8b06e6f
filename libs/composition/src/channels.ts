import { setTimeout as pause } from 'node:timers/promises';
import { EmailChannel } from '@handoff/notify-email';
import { PagerDutyChannel, pagerDutyUrl } from '@handoff/notify-pagerduty';
import { SlackChannel } from '@handoff/notify-slack';
import type { NoticeChannel, Random } from '@handoff/ports';
import { z } from 'zod';

/** The channels to people, as the environment names them. None has a default: who is told is somebody's decision. */
export const channelVariables = {
  SLACK_WEBHOOK_URL: z.url({ protocol: /^https?$/ }),
  PAGERDUTY_ROUTING_KEY: z.string().min(1),
  PAGERDUTY_URL: z.url({ protocol: /^https?$/ }).default(pagerDutyUrl),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  EMAIL_ALERTS_FROM: z.email(),
  EMAIL_ALERTS_TO: z.email(),
  /** Where the runbooks are read: the repository's pages, ending in a slash. */
  RUNBOOK_BASE_URL: z.url({ protocol: /^https?$/ }).endsWith('/'),
  /** Which installation tells: `production`. */
  HANDOFF_ENVIRONMENT: z.string().min(1),
};

type ChannelConfig = z.infer<z.ZodObject<typeof channelVariables>>;

/** The channels of a deployed function. Nothing is connected before the first notice. */
export function openChannels(config: ChannelConfig, random: Random): readonly NoticeChannel[] {
  const sent = { wait: (span: number) => pause(span), random: () => random.next(), runbookBase: config.RUNBOOK_BASE_URL };
  return [
    new SlackChannel({ ...sent, webhookUrl: config.SLACK_WEBHOOK_URL }),
    new PagerDutyChannel({ ...sent, routingKey: config.PAGERDUTY_ROUTING_KEY, url: config.PAGERDUTY_URL, source: config.HANDOFF_ENVIRONMENT }),
    new EmailChannel({ ...sent, smtpUrl: config.SMTP_URL, from: config.EMAIL_ALERTS_FROM, to: config.EMAIL_ALERTS_TO }),
  ];
}
