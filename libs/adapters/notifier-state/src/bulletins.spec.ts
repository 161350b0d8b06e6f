import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertChannels, type AlertChannelName } from '@handoff/catalogue';
import { parseInstant, PipelineError } from '@handoff/contracts';
import { RecordingChannel } from '@handoff/notify-recording';
import { guarded, type Bulletin } from '@handoff/ports';
import { EmbeddedStateStore, openEmbeddedEnvironment, type EmbeddedEnvironment } from '@handoff/state-embedded';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { IncidentNotifier } from './index.ts';

const bulletin: Bulletin = {
  name: 'daily-health-summary', subject: '2026-01-24', severity: 'critical', headline: 'CRITICAL: the pipeline this morning', meaning: 'The daily summary.', facts: { orchestration: 'no decision for 2714 minutes' }, page: 'docs/monitoring.md', command: 'npx handoff health', at: parseInstant('2026-01-24T12:00:00Z'),
};
let environment: EmbeddedEnvironment;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-bulletins-'));
  environment = openEmbeddedEnvironment(join(folder, 'state.lmdb'));
});
afterEach(async () => {
  await environment.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(refusing: readonly AlertChannelName[] = []) {
  const recorded = alertChannels.map(({ name }) => new RecordingChannel(name));
  const channels = recorded.map((channel) => guarded(channel, ['send'], () => { if (refusing.includes(channel.name)) throw new PipelineError({ code: 'channel-unavailable', message: 'away' }); }));
  const notifier = new IncidentNotifier({ state: new EmbeddedStateStore(environment), channels });
  return { notifier, heard: () => recorded.flatMap(({ name, notices }) => notices.map(({ kind, cause }) => `${name} ${kind} ${cause}`)) };
}

it('a bulletin is read once, wakes nobody however bad it is, and is no incident', async () => {
  const { notifier, heard } = open();
  expect(await notifier.post(bulletin)).toBe(true);
  expect(heard()).toEqual(['slack bulletin daily-health-summary']);
  expect(await notifier.incidents()).toEqual([]);
});

it('a channel that takes no bulletin is stood in for by one that wakes nobody, and is told of', async () => {
  const { notifier, heard } = open(['slack']);
  expect(await notifier.post(bulletin)).toBe(true);
  expect(heard().filter((notice) => notice.includes('bulletin'))).toEqual(['email bulletin daily-health-summary']);
  expect(await notifier.incidents()).toMatchObject([{ cause: 'notifier-failed', subject: 'slack' }]);
});

it('what no channel takes breaks nobody', async () => {
  const { notifier } = open(['slack', 'email', 'pagerduty']);
  expect(await notifier.post(bulletin)).toBe(false);
});
