import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functionNames } from '@handoff/catalogue';
import { gameDate } from '@handoff/contracts';
import { madeUpSeason } from '@handoff/sources-recorded';
import { silentLog, skipWithout } from '@handoff/testing';
import { afterAll, expect, it } from 'vitest';
import { missingEmulators } from './local-google.ts';
import type { LocalEvent } from './local-system.ts';
import { replay, type ReplayResult } from './replay.ts';
import type { ReplayProfileName } from './replay-profiles.ts';
import { replayWords } from './replay-words.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-emulated-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

interface Lived extends ReplayResult {
  readonly events: readonly LocalEvent[];
  readonly incidents: readonly string[];
  readonly running: readonly string[];
}

async function live(profile: ReplayProfileName): Promise<Lived> {
  const events: LocalEvent[] = [];
  const incidents: string[] = [];
  const running: string[] = [];
  const result = await replay({
    sport: 'nba', from: gameDate(replayWords.from), to: gameDate(replayWords.to), season: madeUpSeason(replayWords.season), profile,
    folder: join(root, profile), log: () => silentLog,
    onEvent: (event) => { events.push(event); },
    onRunning: (lines) => { running.push(...lines); },
    onEnd: async ({ system }) => { incidents.push(...(await system.notifier.incidents()).map(({ cause, subject, count, openedAt, resolvedAt, facts }) => JSON.stringify({ cause, subject, count, openedAt: new Date(openedAt).toISOString(), resolvedAt, facts }))); },
  });
  return { ...result, events, incidents, running };
}

/** What has to be equal: data, and what was decided. Message ids are the bus's own. */
const essence = ({ report: { dates, handoffs } }: ReplayResult) => ({
  dates,
  handoffs: handoffs.map(({ from, to, flow, revision, gate: { verdict } }) => ({ from, to, flow, revision, verdict })),
});

it('a slate on the emulators ends with the data, the decisions and the revisions of one in this process', async (context) => {
  const missing = missingEmulators(process.env);
  if (missing.length > 0) return skipWithout('emulators', missing.join('; '), context);
  const emulated = await live('emulated');
  const embedded = await live('embedded');
  expect(essence(emulated)).toEqual(essence(embedded));
  expect([...emulated.calls.keys()]).toEqual(expect.arrayContaining([...functionNames]));
  expect(emulated.incidents).toEqual([]);
  expect(readdirSync(join(root, 'emulated')).toSorted()).toEqual(['clock.json', 'objects', 'plan.json']);
}, 180_000);
