import { sources } from '@handoff/catalogue';
import { describe, expect, it } from 'vitest';
import { CloudEnvironment, composePorts } from './cloud-profile.ts';

const environment: Readonly<Record<string, string>> = {
  GOOGLE_CLOUD_PROJECT: 'example', BIGQUERY_LOCATION: 'US', STORAGE_BUCKET: 'example-answers', K_REVISION: 'phase2-raw-00007-abc', LOG_LEVEL: 'error',
  SLACK_WEBHOOK_URL: 'https://hooks.example.test/T/B/secret', PAGERDUTY_ROUTING_KEY: 'k', SMTP_URL: 'smtps://u:p@mail.example.test:465', EMAIL_ALERTS_FROM: 'handoff@example.test', EMAIL_ALERTS_TO: 'oncall@example.test',
  RUNBOOK_BASE_URL: 'https://example.test/blob/main/', HANDOFF_ENVIRONMENT: 'production',
};
const keys = Object.fromEntries(sources.flatMap((source) => ('secret' in source ? [[source.secret.variable, 'key']] : [])));
const request = { scraper: 'bdl_injuries', path: '/v1/player_injuries', query: {} } as const;
const refusal = (problem: string): unknown => expect.objectContaining({ code: 'config-invalid', disposition: 'reject', message: expect.stringContaining(problem) as string });

describe('a function that was made for the cloud', () => {
  it.each(Object.keys(environment))('does not start without %s, nor with an empty one', (name) => {
    expect(() => composePorts({ ...environment, [name]: undefined }, {})).toThrow(refusal(name));
    expect(() => composePorts({ ...environment, [name]: '' }, {})).toThrow(refusal(name));
  });

  it('names everything that is missing at once', () => {
    const missing = Object.keys(CloudEnvironment.shape).filter((name) => name !== 'PAGERDUTY_URL');
    for (const name of missing) expect(() => composePorts({}, {})).toThrow(refusal(name));
  });

  it('has every port, before anything was called', async () => {
    const { ports } = await composePorts(environment, {});
    expect(Object.keys(ports).toSorted()).toEqual(['bus', 'clock', 'delays', 'log', 'notifier', 'objects', 'random', 'sources', 'state', 'warehouse']);
  });

  it('is an instance of its own, and takes nobody’s work before the lease is over', async () => {
    const [one, other] = await Promise.all([composePorts(environment, {}), composePorts(environment, {})]);
    expect(one.instance.id).toMatch(/^phase2-raw-00007-abc-/);
    expect(one.instance.id).not.toBe(other.instance.id);
    expect(one.instance.isGone(other.instance.id)).toBe(false);
  });

  it('has no business with sources, and needs no key of theirs, unless its definition says so', async () => {
    const { ports } = await composePorts(environment, {});
    await expect(ports.sources.fetch(request)).rejects.toMatchObject({ code: 'config-invalid' });
    expect(() => composePorts(environment, { asksSources: true })).toThrow(refusal(Object.keys(keys)[0] ?? 'a key'));
    await expect(composePorts({ ...environment, ...keys }, { asksSources: true })).resolves.toBeDefined();
  });
});
