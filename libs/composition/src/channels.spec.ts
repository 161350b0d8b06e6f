import { alertChannels } from '@handoff/catalogue';
import { SeededRandom } from '@handoff/random-seeded';
import { describe, expect, it } from 'vitest';
import { ChannelEnvironment, openChannels } from './channels.ts';

const environment = {
  SLACK_WEBHOOK_URL: 'https://hooks.example.test/T/B/secret', PAGERDUTY_ROUTING_KEY: 'k', SMTP_URL: 'smtps://u:p@mail.example.test:465', EMAIL_ALERTS_FROM: 'handoff@example.test', EMAIL_ALERTS_TO: 'oncall@example.test',
  RUNBOOK_BASE_URL: 'https://example.test/blob/main/', HANDOFF_ENVIRONMENT: 'production',
};

describe('the channels of a deployed function', () => {
  it('are those of the catalogue, in its order', () => {
    expect(openChannels(environment, new SeededRandom(1)).map(({ name }) => name)).toEqual(alertChannels.map(({ name }) => name));
  });

  it.each(Object.keys(ChannelEnvironment.shape).filter((name) => name !== 'PAGERDUTY_URL'))('stop the start without %s', (name) => {
    expect(() => openChannels({ ...environment, [name]: undefined }, new SeededRandom(1))).toThrow(name);
    expect(() => openChannels({ ...environment, [name]: '' }, new SeededRandom(1))).toThrow(expect.objectContaining({ code: 'config-invalid' }) as Error);
  });
});
