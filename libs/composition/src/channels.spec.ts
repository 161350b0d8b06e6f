import { alertChannels } from '@handoff/catalogue';
import { SeededRandom } from '@handoff/random-seeded';
import { expect, it } from 'vitest';
import { openChannels } from './channels.ts';

it('a deployed function has the channels of the catalogue, in its order', () => {
  const channels = openChannels({
    SLACK_WEBHOOK_URL: 'https://hooks.example.test/T/B/secret', PAGERDUTY_ROUTING_KEY: 'k', PAGERDUTY_URL: 'https://events.example.test', SMTP_URL: 'smtps://u:p@mail.example.test:465',
    EMAIL_ALERTS_FROM: 'handoff@example.test', EMAIL_ALERTS_TO: 'oncall@example.test', RUNBOOK_BASE_URL: 'https://example.test/blob/main/', HANDOFF_ENVIRONMENT: 'production',
  }, new SeededRandom(1));
  expect(channels.map(({ name }) => name)).toEqual(alertChannels.map(({ name }) => name));
});
