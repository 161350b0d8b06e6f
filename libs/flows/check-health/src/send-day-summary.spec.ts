import { openTemporary } from '@handoff/composition/temporary';
import { hours, parseInstant } from '@handoff/contracts';
import { evaluationRef } from '@handoff/decision-state';
import { RecordingChannel } from '@handoff/notify-recording';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sendDaySummary } from './send-day-summary.ts';

const now = parseInstant('2026-07-25T11:00:00Z');
const slack = new RecordingChannel('slack');
let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => { clock = new ManualClock(now); system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) }, channels: [slack] }); });
afterEach(() => system.close());

it('tells one message: healthy in summer, where the controller decides and nothing is played', async () => {
  await system.ports.state.create(evaluationRef('nba', now), { decidedAt: now, collected: [], decisions: [{ workflow: 'morning_operations', action: 'RUN', reason: 'spec' }] });
  expect(await sendDaySummary({ sport: 'nba', dueAt: now }, { ports: system.ports, log: silentLog, correlationId: 'spec' })).toMatchObject({ outcome: 'sent', facts: { status: 'HEALTHY', orchestration: 'ok', yesterday: 'ok' } });
  expect(slack.notices).toMatchObject([{ kind: 'bulletin', severity: 'info', headline: 'HEALTHY: the pipeline on the morning of 2026-07-25', facts: { 'open gaps': 'none', yesterday: 'no games on 2026-07-24' } }]);
});

it('is of the morning on which it was due, though it is made up for after midnight', async () => {
  clock.advance(hours(18));
  await sendDaySummary({ sport: 'nba', dueAt: now }, { ports: system.ports, log: silentLog, correlationId: 'spec' });
  expect(slack.notices.at(-1)).toMatchObject({ headline: 'CRITICAL: the pipeline on the morning of 2026-07-25', facts: { yesterday: 'no games on 2026-07-24' } });
});

it('is critical where nothing was decided', async () => {
  expect(await sendDaySummary({ sport: 'nba', dueAt: now }, { ports: system.ports, log: silentLog, correlationId: 'spec' })).toMatchObject({ facts: { status: 'CRITICAL', orchestration: 'critical' } });
  expect(slack.notices.at(-1)).toMatchObject({ severity: 'critical', facts: { orchestration: 'CRITICAL: 0 decisions in 48 hours; open gap without end min, longest closed gap 0 min' } });
});
