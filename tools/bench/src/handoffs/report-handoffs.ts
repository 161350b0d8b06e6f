import type { HandoffBenchmark, MeasuredEngine } from './benchmark-handoffs.ts';
import { connections } from './engines.ts';
import { chainsUnderLoad, inFlight, singleChains, youngGenerationMiB } from './engine-process.ts';
import { postgresSettings } from './postgres-cluster.ts';

export const handoffsHeading = '## Hand-offs';

/** The section of docs/benchmarks.md about hand-offs. */
export function handoffsSection({ measured, peers }: HandoffBenchmark): string {
  const ours = measured.find(({ engine }) => engine.kind === 'ours');
  const floor = fastest(measured, 'floor');
  const queue = fastest(measured, 'queue');
  const ratioTo = (other: MeasuredEngine | undefined): string => ratioOf(ours, other)?.toFixed(2) ?? 'not measured';
  return [
    handoffsHeading,
    '',
    `${chainsUnderLoad.toLocaleString('en')} game dates, each a chain of five hand-offs that wait for six events on average, and every tenth event comes twice; ${inFlight} dates in hand at once. What is acknowledged is on the disk. Then ${singleChains} dates one at a time, for the time from the call with the last completion until the receiver owns the trigger. At the end each engine must have released each hand-off once and delivered each trigger once, else the benchmark fails.`,
    '',
    '| engine | hand-offs per second | events per second | p50, ms | p95, ms | CPU per hand-off, ms | peak memory, MiB | ours is so many times it |',
    '|---|---|---|---|---|---|---|---|',
    ...measured.map(rowOf(ours)),
    '',
    `Ours is ${ratioTo(queue)} times the better queue (${queue?.engine.title ?? 'none'}) and ${ratioTo(floor)} of the floor (${floor?.engine.title ?? 'none'}). Each line is the best of three runs, in turn, each in a process of its own with ${youngGenerationMiB} MiB of young generation; CPU and memory are of that process, without the server's where there is one.`,
    '',
    ...verdictOf(ours, queue, floor),
    ...peersOf(peers),
    'The five hand-offs are those of the five transition functions, by the catalogue, for a slate of three games: `phase2-to-phase3` (pregame) waits for 6 events, the schedule, the injuries and the lines of a source that answers per date in one each, the other lines per game; `phase3-to-phase4` and `phase4-to-phase5` for 6, two outputs of three games; `phase5-to-phase6` for 3; `phase3-to-grading` for 9, three outputs of three games. A real run announces its outputs in one message: an event for each is the worst case of a gate. The flow is called as its host calls it after decoding; the receiver claims the trigger, and answers with the events of the next hand-off.',
    '',
    'The floor writes the documents that a chain of ours leaves behind, at the same durability, with the same calls waiting for one another: no gate, no schema, no precondition, no version. Knowing nothing, it writes an event that comes twice twice.',
    '',
  ].join('\n');
}

const rowOf = (ours: MeasuredEngine | undefined) => (one: MeasuredEngine): string => {
  const { engine, handoffsPerSecond, handoffs, events, seconds, p50Ms, p95Ms, cpuSeconds, peakMiB } = one;
  const ratio = ours === undefined ? '' : (ours.handoffsPerSecond / handoffsPerSecond).toFixed(2);
  const cells = [engine.title, Math.round(handoffsPerSecond).toLocaleString('en'), Math.round(events / seconds).toLocaleString('en'), p50Ms.toFixed(2), p95Ms.toFixed(2), ((cpuSeconds * 1_000) / handoffs).toFixed(2), Math.round(peakMiB), ratio];
  return `| ${cells.join(' | ')} |`;
};

const ratioOf = (one: MeasuredEngine | undefined, other: MeasuredEngine | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one.handoffsPerSecond / other.handoffsPerSecond;

/** What the hand-off was asked to reach, and which of it this run has reached. */
function verdictOf(ours: MeasuredEngine | undefined, queue: MeasuredEngine | undefined, floor: MeasuredEngine | undefined): readonly string[] {
  const floorToQueue = ratioOf(floor, queue);
  if (ours === undefined || floorToQueue === undefined) return [];
  const goals: readonly (readonly [goal: string, isMet: boolean])[] = [
    ['three times the better queue', (ratioOf(ours, queue) ?? 0) >= 3],
    ['0.4 of the floor', (ratioOf(ours, floor) ?? 0) >= 0.4],
    ['5,000 a second (hoped for)', ours.handoffsPerSecond >= 5_000],
    ['a p50 under 2 ms (hoped for)', ours.p50Ms < 2],
  ];
  const named = (isMet: boolean): string => goals.filter(([, met]) => met === isMet).map(([goal]) => goal).join(', ') || 'nothing';
  return [
    `Of what was asked for, met: ${named(true)}; not met: ${named(false)}. The floor itself is ${floorToQueue.toFixed(2)} times the better queue${floorToQueue < 3 ? ', so three times the queue lies beyond what these documents cost without any logic' : ''}.`,
    '',
    'What limits it is one thread that is never idle under load. By its profile 41 % of its time is the store and the bus (a third of that is JSON, written once and parsed once per document), 28 % the flow and its gate, 15 % collecting garbage, 9 % the runtime and 5 % the driver; waiting for the disk is 3 % on a quiet machine. PostgreSQL works on the other core meanwhile. A hand-off is 15 atomic writes, asked for by seven calls and a receiver, most of them one after another. To get far beyond this takes fewer of them, or more threads: dates share nothing but their slate, so a store for each part of them would scale with the cores; the embedded profile, which is for one machine and a handful of dates, does not need it.',
    '',
  ];
}

function fastest(measured: readonly MeasuredEngine[], kind: MeasuredEngine['engine']['kind']): MeasuredEngine | undefined {
  return measured.filter(({ engine }) => engine.kind === kind).toSorted((left, right) => right.handoffsPerSecond - left.handoffsPerSecond)[0];
}

function peersOf(peers: HandoffBenchmark['peers']): readonly string[] {
  if ('skipped' in peers) return [`The databases and queues were not measured: ${peers.skipped}.`, ''];
  const settings = Object.entries(postgresSettings).filter(([, value]) => value !== '').map(([name, value]) => `${name} ${value}`).join(', ');
  return [
    `PostgreSQL ${peers.postgres}, graphile-worker ${peers.graphileWorker}, pg-boss ${peers.pgBoss}: the newest that run on Node 20. The database is a cluster of its own in a temporary folder, over a Unix socket, with ${settings}, and fsync and full_page_writes on. They do the same job the way one would build it there: an insert per event that counts what is there, one fan-in statement that writes the release and its job, one dequeue. With both queues the inserts and fan-ins are batched: what is asked for while a statement runs is one statement, which made pg-boss four times as fast as an insert for each. Statements are prepared; ${connections} connections, and as many of each queue's own. pg-boss does not poll: two takers fetch up to 100 jobs as soon as something was put in, without priorities, and complete them together; its jobs are inserted by the fan-in statement. graphile-worker listens, runs 50 jobs at once, fetches 100 at a time into its local queue, and gathers completions for 1 ms.`,
    '',
  ];
}
