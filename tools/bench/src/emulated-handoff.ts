import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openBusProvisioner } from '@handoff/bus-pubsub';
import { completionTopics, topics, transitions } from '@handoff/catalogue';
import { VirtualClock } from '@handoff/clock-virtual';
import { openEmulated, type EmulatedProfile } from '@handoff/composition/emulated';
import { gameDate, hashOf, minutes, OfficialGameId, parseInstant, type GameDate, type OutputsCompleted } from '@handoff/contracts';
import { transitionDefinition } from '@handoff/flow-phase-transition';
import { encodePush, hostable, type HostedFunction, type HostResponse } from '@handoff/function-host';
import { missingEmulators, startLocalGoogle, type LocalGoogle } from '@handoff/local';
import { createLog } from '@handoff/logging';
import type { SlateGame } from '@handoff/slate';
import { addDays } from '@handoff/slate';
import { AwaitedTime } from './awaited-time.ts';
import { withSection } from './page.ts';

const from = 'phase2';
const to = 'phase3';
const flow = 'postgame';
const output = 'nba_raw.bdl_player_boxscores';
const games = ['0022500641', '0022500642', '0022500643', '0022500645', '0022500646'].map((id) => OfficialGameId.parse(id));

/** The first ones find nothing compiled and no connection: they are not warm. */
const warmUps = 20;
const measured = 100;
const firstDate = gameDate('2026-02-01');
const place = { project: 'handoff-bench', location: 'US', bucket: 'handoff-files' } as const;

/** One hand-off, in milliseconds. */
interface Handoff {
  readonly wholeMs: number;
  /** The calls of the state store and the bus, from their beginning to their answer. */
  readonly awaitedMs: number;
  readonly calls: number;
  /** Of this process, in which the clients run and the emulators do not. */
  readonly cpuMs: number;
}

/** Measures warm hand-offs on Google's emulators, and puts them onto the page of benchmarks; says why where there are no emulators. */
export async function measureEmulatedHandoffs(root: string): Promise<void> {
  const missing = missingEmulators(process.env);
  if (missing.length > 0) {
    process.stdout.write(`hand-offs on the emulators are not measured: ${missing.join('; ')}\n`);
    return;
  }
  const handoffs = await runHandoffs();
  const file = join(root, 'docs', 'benchmarks.md');
  writeFileSync(file, withSection(readFileSync(file, 'utf8'), section(handoffs)));
  process.stdout.write(`a hand-off on the emulators: ${median(handoffs.map(own)).toFixed(1)} ms of our own\n`);
}

async function runHandoffs(): Promise<readonly Handoff[]> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-bench-'));
  const clock = new VirtualClock(parseInstant('2026-02-01T06:00:00Z'));
  const google = await startLocalGoogle({ ...place, folder, clock });
  const awaited = new AwaitedTime();
  const log = createLog({ level: 'silent', clock, stream: process.stderr });
  const sources = { fetch: () => Promise.reject(new RangeError('a hand-off asks no source')) };
  const profile = openEmulated({
    ...place, endpoints: google.endpoints, clock, log, sources,
    around: ({ warehouse, state, bus, objects }) => ({ warehouse: awaited.around(warehouse), state: awaited.around(state), bus: awaited.around(bus), objects: awaited.around(objects) }),
  });
  try {
    await provisionTopics(google);
    return await handOff(profile, awaited);
  } finally {
    await profile.close();
    await google.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function provisionTopics({ endpoints }: LocalGoogle): Promise<void> {
  const provisioner = openBusProvisioner({ projectId: place.project, emulator: endpoints.pubSub });
  await provisioner.provision({ topics, subscriptions: [], addressOf: () => undefined });
  await provisioner.close();
}

async function handOff({ ports, instance }: EmulatedProfile, awaited: AwaitedTime): Promise<readonly Handoff[]> {
  const transition = transitions.find((known) => known.from === from && known.to === to && known.flow === flow);
  if (transition === undefined) throw new RangeError('the catalogue has no such hand-off');
  const hosted = hostable(transitionDefinition(transition.app)).host({ ports, instance, environment: { SPORT: 'nba' } });
  const handoffs: Handoff[] = [];
  for (let number = 0; number < warmUps + measured; number += 1) {
    const date = addDays(firstDate, number);
    const tipAt = ports.clock.now() - minutes(360);
    const slate = games.map((officialId) => ({ officialId, gameDate: date, status: 'final', tipAt }) as unknown as SlateGame);
    await ports.state.batch([{ kind: 'set', ref: { collection: 'slates', id: date }, value: { games: slate } }]);
    await deliver(hosted, completed(date, games.slice(0, -1), ports.clock.now()), 'wait');
    awaited.take();
    const handoff = await timed(() => deliver(hosted, completed(date, games.slice(-1), ports.clock.now()), 'released'), awaited);
    if (number >= warmUps) handoffs.push(handoff);
  }
  return handoffs;
}

async function timed(work: () => Promise<void>, awaited: AwaitedTime): Promise<Handoff> {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wholeMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { ms, calls } = awaited.take();
  return { wholeMs, awaitedMs: ms, calls, cpuMs: (user + system) / 1_000 };
}

function completed(date: GameDate, scopes: readonly OfficialGameId[], now: OutputsCompleted['sourceVersionAt']): OutputsCompleted {
  return {
    sport: 'nba', purpose: 'live', phase: from, flow, executionId: `run-${date}-${scopes.length}`, sourceVersionAt: now,
    completions: scopes.map((scope) => ({ gameDate: date, output, scope, contentHash: hashOf(scope), rowCount: 20 })),
  };
}

async function deliver(hosted: HostedFunction, payload: OutputsCompleted, expected: string): Promise<void> {
  const topic = completionTopics[from];
  const body = encodePush({ subscription: `${topic}--bench`, messageId: payload.executionId, publishedAt: payload.sourceVersionAt, attempt: 1, message: { key: payload.executionId, correlationId: 'bench', payload } });
  const response: HostResponse = await hosted({ method: 'POST', path: '/', headers: {}, body });
  if (response.body['outcome'] !== expected) throw new RangeError(`a hand-off was to be ${expected}: ${JSON.stringify(response)}`);
}

const own = ({ wholeMs, awaitedMs }: Handoff): number => wholeMs - awaitedMs;

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((left, right) => left - right)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

function section(handoffs: readonly Handoff[]): string {
  const row = (what: string, of: (handoff: Handoff) => number): string => {
    const values = handoffs.map(of);
    return `| ${what} | ${median(values).toFixed(1)} | ${quantile(values, 0.95).toFixed(1)} | ${Math.max(...values).toFixed(1)} |`;
  };
  return [
    '## A hand-off on the emulators',
    '',
    `A transition function gets the last completion of five games, and releases the next phase: ${handoffs.length} hand-offs after ${warmUps} that warm up, on Google's emulators of Firestore and Pub/Sub, one at a time. The budget is 50 ms of our own.`,
    '',
    '| ms | median | 95 % | most |',
    '|---|---|---|---|',
    row('our own time', own),
    row('the emulators\' share', ({ awaitedMs }) => awaitedMs),
    row('both', ({ wholeMs }) => wholeMs),
    row('CPU of our process', ({ cpuMs }) => cpuMs),
    '',
    `From the decoded request to its answer. The emulators' share is the time during which one of ${median(handoffs.map(({ calls }) => calls))} calls of the state store and the bus was awaited, Google's clients included; our own is the rest. The clients run in our process, so its CPU time, which counts them and what they do on further threads, bounds what is really ours from above.`,
    '',
  ].join('\n');
}
