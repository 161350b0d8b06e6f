import type { EngineFigures } from './drive.ts';
import { engines, type NamedEngine } from './engines.ts';
import { measureApart } from './engine-process.ts';
import { installPeers, peerVersion } from './peers.ts';
import { postgresPrograms, startPostgres, type PostgresCluster } from './postgres-cluster.ts';

export interface MeasuredEngine extends EngineFigures {
  readonly engine: NamedEngine;
  readonly handoffsPerSecond: number;
}

export interface HandoffBenchmark {
  readonly measured: readonly MeasuredEngine[];
  /** Versions of what is compared with, or why it is not. */
  readonly peers: { readonly postgres: string; readonly graphileWorker: string; readonly pgBoss: string } | { readonly skipped: string };
}

/** Each engine so often, in turn, so that what else the machine does meets all of them; the best run of each is told, since noise only takes. */
const rounds = 3;

/** Hand-offs of our own, of the floor and of the queues, in one run. */
export async function benchmarkHandoffs(root: string, tell: (line: string) => void): Promise<HandoffBenchmark> {
  const prepared = preparePeers(root);
  try {
    const asked = engines.filter(({ kind }) => prepared.cluster !== undefined || kind === 'ours' || kind === 'floor');
    const runs = new Map<NamedEngine, MeasuredEngine[]>(asked.map((engine) => [engine, []]));
    for (let round = 1; round <= rounds; round += 1) {
      for (const engine of asked) {
        const figures = await measureApart(engine, { root, postgresHost: prepared.cluster?.host ?? '' });
        const measured = { ...figures, engine, handoffsPerSecond: figures.handoffs / figures.seconds };
        runs.get(engine)?.push(measured);
        tell(`${engine.title}: ${Math.round(measured.handoffsPerSecond)} hand-offs a second, p50 ${measured.p50Ms.toFixed(2)} ms, p95 ${measured.p95Ms.toFixed(2)} ms`);
      }
    }
    return { measured: [...runs.values()].flatMap(best), peers: prepared.peers };
  } finally {
    prepared.cluster?.stop();
  }
}

interface PreparedPeers {
  readonly peers: HandoffBenchmark['peers'];
  readonly cluster?: PostgresCluster;
}

function preparePeers(root: string): PreparedPeers {
  const programs = postgresPrograms();
  if (programs === undefined) return { peers: { skipped: 'PostgreSQL is not installed (Debian: apt-get install postgresql)' } };
  try {
    installPeers(root);
  } catch (error) {
    return { peers: { skipped: `the queues could not be installed: ${error instanceof Error ? error.message : String(error)}` } };
  }
  const cluster = startPostgres(programs);
  return { cluster, peers: { postgres: cluster.version, graphileWorker: peerVersion(root, 'graphile-worker'), pgBoss: peerVersion(root, 'pg-boss') } };
}

function best(runs: readonly MeasuredEngine[]): readonly MeasuredEngine[] {
  return runs.toSorted((left, right) => right.handoffsPerSecond - left.handoffsPerSecond).slice(0, 1);
}
