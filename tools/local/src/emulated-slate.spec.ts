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

/** What a job that looks for what has been left says of its looking. Whether it finds something hangs on which of two at one moment was first, it or what goes on by itself. */
const looks: ReadonlyMap<string, ReadonlySet<unknown>> = new Map([
  ['outbox-sweeper', new Set(['nothing-due', 'swept'])],
  ['phase5-predict-coordinator', new Set(['nothing-due', 'checked'])],
]);
const outcomeOf = ({ trigger, function: name, response: { body } }: LocalEvent): string =>
  (trigger === 'job' && looks.get(name)?.has(body['outcome']) === true ? 'looked' : String(body['outcome']));

/** What a delivery is answered that comes while its work is in hand, or after that. */
const repetitions: ReadonlySet<unknown> = new Set(['held', 'duplicate']);
const isRepetition = ({ response: { body } }: LocalEvent): boolean => repetitions.has(body['outcome']);
/**
 * One piece of work: a message's key at one subscription. On a busy machine Pub/Sub delivers a message once more, and
 * one whose publishing outlasts the call's deadline is published once more, under another id.
 */
const workOf = ({ delivery }: LocalEvent): string | undefined => (delivery === undefined ? undefined : `${delivery.subscription} ${delivery.message.key}`);
/** Every call but the deliveries that did nothing beside one that did their work. */
function settledCalls({ events }: Lived): readonly string[] {
  const done = new Set(events.filter((event) => !isRepetition(event)).map(workOf));
  const settled = events.filter((event) => event.delivery === undefined || !isRepetition(event) || !done.has(workOf(event)));
  return settled.map((event) => `${event.at} ${event.function} ${event.response.status} ${outcomeOf(event)}`).toSorted();
}

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
}, 600_000);
