import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everydayFunctions } from '@handoff/catalogue';
import { gameDate } from '@handoff/contracts';
import type { Incident } from '@handoff/incidents';
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
  readonly incidents: readonly Incident[];
  readonly running: readonly string[];
}

async function live(profile: ReplayProfileName): Promise<Lived> {
  const events: LocalEvent[] = [];
  const incidents: Incident[] = [];
  const running: string[] = [];
  const result = await replay({
    sport: 'nba', from: gameDate(replayWords.from), to: gameDate(replayWords.to), season: madeUpSeason(replayWords.season), profile,
    folder: join(root, profile), log: () => silentLog,
    onEvent: (event) => { events.push(event); },
    onRunning: (lines) => { running.push(...lines); },
    onEnd: async ({ system }) => { incidents.push(...(await system.notifier.incidents())); },
  });
  return { ...result, events, incidents, running };
}

/** What has to be equal: data, what was decided when, and what people were told. Message ids are the bus's own. */
const essence = ({ report: { dates, handoffs }, incidents }: Lived) => ({
  dates, incidents,
  handoffs: handoffs.map(({ messageId, ...rest }) => ({ ...rest, isConfirmed: messageId !== '' })),
});

/** What a sweep finds depends on which of two at one moment was first, it or the message that goes out by itself: that it came is what is equal. */
const outcomeOf = (name: string, body: Readonly<Record<string, unknown>>): string => (name === 'outbox-sweeper' ? 'came' : String(body['outcome']));
/** A slow answer has Pub/Sub deliver a message once more: while it is worked on it is held, and afterwards it is a duplicate. Neither does anything. */
const repetitions: ReadonlySet<unknown> = new Set(['held', 'duplicate']);
const settledCalls = ({ events }: Lived) => events.filter(({ trigger, response: { body } }) => trigger === 'job' || !repetitions.has(body['outcome'])).map(({ at, function: name, response: { status, body } }) => `${at} ${name} ${status} ${outcomeOf(name, body)}`).toSorted();

it('a slate on the emulators ends with the data, the decisions and the alerts of one in this process', async (context) => {
  const missing = missingEmulators(process.env);
  if (missing.length > 0) return skipWithout('emulators', missing.join('; '), context);
  const [emulated, embedded] = await Promise.all([live('emulated'), live('embedded')]);
  expect(essence(emulated)).toEqual(essence(embedded));
  expect(emulated.report.dates[0]).toMatchObject({ games: { final: 2 }, predictions: { rows: 60 }, grading: { graded: 60 } });
  expect(settledCalls(emulated)).toEqual(settledCalls(embedded));
  expect([...emulated.calls.keys()]).toEqual(expect.arrayContaining([...everydayFunctions]));
  expect(emulated.running).toEqual([/^Firestore emulator 127/, /^Pub\/Sub emulator 127/, /^bigquery-local 127/, /^storage-local 127/].map((words) => expect.stringMatching(words) as string));
  // What it talked to is gone, and nothing is left but the objects and what the run was.
  for (const line of emulated.running) await expect(fetch(`http://${line.split(' ').at(-1) ?? ''}/`)).rejects.toThrow('fetch failed');
  expect(readdirSync(join(root, 'emulated')).toSorted()).toEqual(['clock.json', 'objects', 'plan.json']);
}, 240_000);
