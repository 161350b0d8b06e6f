import type { DateChain } from './chain.ts';
import { triggerKey, type ChainEvent, type HandoffEngine, type OnTrigger, type OpenEngine } from './engine.ts';
import { loadGraphileWorker, loadPg, loadPgBoss, type PgPool } from './peers.ts';
import type { PostgresCluster } from './postgres-cluster.ts';

/** The same job in the way of a team that has a PostgreSQL: six inserts, one fan-in transaction, one dequeue. */
export interface PostgresSetting {
  readonly root: string;
  readonly cluster: Pick<PostgresCluster, 'host' | 'user'>;
  /** Connections for the inserts and fan-ins; the queues have as many of their own. */
  readonly connections: number;
}

/** How a release reaches its receiver. */
interface Queue {
  /** What puts the jobs `(key, payload)` of the rows `released` into the queue: the end of the fan-in statement. */
  readonly enqueue: string;
  /** Told that a fan-in was committed. */
  wake(): void;
  settle(): Promise<void>;
  close(): Promise<void>;
}

type OpenQueue = (setting: PostgresSetting, pool: PgPool, onTrigger: OnTrigger) => Promise<Queue>;

const schema = `
  CREATE TABLE completions (handoff text, event int, payload jsonb NOT NULL, PRIMARY KEY (handoff, event));
  CREATE TABLE releases (handoff text PRIMARY KEY, payload jsonb NOT NULL);
  CREATE TABLE triggers (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, handoff text NOT NULL, payload jsonb NOT NULL);
  CREATE TABLE claims (handoff text PRIMARY KEY, status text NOT NULL)`;

/** Insert and count in one statement; what the statement itself adds, its own snapshot does not show. */
const record = `
  WITH asked AS (SELECT * FROM unnest($1::text[], $2::int[], $3::jsonb[]) AS asked (handoff, event, payload)),
  added AS (INSERT INTO completions SELECT DISTINCT ON (handoff, event) handoff, event, payload FROM asked ORDER BY handoff, event ON CONFLICT DO NOTHING RETURNING handoff)
  SELECT keys.handoff, ((SELECT count(*) FROM completions WHERE completions.handoff = keys.handoff) + (SELECT count(*) FROM added WHERE added.handoff = keys.handoff))::int AS present
  FROM (SELECT DISTINCT handoff FROM asked) AS keys`;

/** One fan-in transaction, as one statement: the release, and its job if it is new. */
const fanInWith = (enqueue: string): string => `
  WITH asked AS (SELECT DISTINCT ON (handoff) * FROM unnest($1::text[], $2::jsonb[]) AS asked (handoff, payload) ORDER BY handoff),
  released AS (INSERT INTO releases SELECT handoff, payload FROM asked ON CONFLICT DO NOTHING RETURNING handoff, payload) ${enqueue}`;

interface Completion {
  readonly handoff: string;
  readonly event: ChainEvent;
}

/** PostgreSQL with a queue. `isBatched`: what is asked for while a statement runs is one statement, its transaction one flush. */
export const openPostgres = (setting: PostgresSetting, openQueue: OpenQueue, isBatched: boolean): OpenEngine => async (_, onTrigger) => {
  const { Pool } = loadPg(setting.root);
  const pool = new Pool({ ...setting.cluster, database: 'postgres', max: setting.connections });
  await pool.query({ text: 'DROP SCHEMA IF EXISTS public CASCADE; DROP SCHEMA IF EXISTS pgboss CASCADE; DROP SCHEMA IF EXISTS graphile_worker CASCADE; CREATE SCHEMA public' });
  await pool.query({ text: schema });
  return new PostgresEngine(pool, await openQueue(setting, pool, onTrigger), isBatched);
};

class PostgresEngine implements HandoffEngine {
  readonly #pool: PgPool;
  readonly #queue: Queue;
  readonly #record: (completion: Completion) => Promise<number>;
  readonly #fanIn: (completion: Completion) => Promise<void>;

  constructor(pool: PgPool, queue: Queue, isBatched: boolean) {
    this.#pool = pool;
    this.#queue = queue;
    const recordAll = (completions: readonly Completion[]): Promise<readonly number[]> => this.#recordAll(completions);
    const fanInAll = (completions: readonly Completion[]): Promise<readonly undefined[]> => this.#fanInAll(completions);
    this.#record = isBatched ? inBatches(recordAll) : alone(recordAll);
    this.#fanIn = isBatched ? inBatches(fanInAll) : alone(fanInAll);
  }

  async complete(event: ChainEvent): Promise<void> {
    const completion = { handoff: triggerKey(event.chain, event.step), event };
    if ((await this.#record(completion)) < event.step.events.length) return;
    await this.#fanIn(completion);
    this.#queue.wake();
  }

  async #recordAll(completions: readonly Completion[]): Promise<readonly number[]> {
    const values = [completions.map(({ handoff }) => handoff), completions.map(({ event }) => event.eventIndex), completions.map(({ event }) => event.step.events[event.eventIndex])];
    const { rows } = await this.#pool.query<{ handoff: string; present: number }>({ name: 'record', text: record, values });
    const present = new Map(rows.map((row) => [row.handoff, row.present]));
    return completions.map(({ handoff }) => present.get(handoff) ?? 0);
  }

  async #fanInAll(completions: readonly Completion[]): Promise<readonly undefined[]> {
    const values = [completions.map(({ handoff }) => handoff), completions.map(({ handoff, event }) => ({ key: handoff, completions: event.step.events.flatMap((message) => message.completions) }))];
    await this.#pool.query({ name: 'fan-in', text: fanInWith(this.#queue.enqueue), values });
    return completions.map(() => undefined);
  }

  settle(): Promise<void> {
    return this.#queue.settle();
  }

  async verify(chains: readonly DateChain[]): Promise<void> {
    const { rows: [counted] } = await this.#pool.query<{ releases: number; completions: number }>({ text: 'SELECT (SELECT count(*) FROM releases)::int AS releases, (SELECT count(*) FROM completions)::int AS completions' });
    const expected = { releases: chains.length * 5, completions: chains.reduce((sum, { steps }) => sum + steps.reduce((count, { events }) => count + events.length, 0), 0) };
    if (counted?.releases !== expected.releases || counted.completions !== expected.completions) throw new RangeError(`${JSON.stringify(counted)} instead of ${JSON.stringify(expected)}`);
  }

  async close(): Promise<void> {
    await this.#queue.close();
    await this.#pool.end();
  }
}

const alone = <Item, Result>(work: (items: readonly Item[]) => Promise<readonly Result[]>) => async (item: Item): Promise<Result> => {
  const [result] = await work([item]);
  return result as Result;
};

/** One batch at a time: what comes while it runs is the next. */
function inBatches<Item, Result>(work: (items: readonly Item[]) => Promise<readonly Result[]>): (item: Item) => Promise<Result> {
  let waiting: { readonly item: Item; readonly resolve: (result: Result) => void; readonly reject: (error: unknown) => void }[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await work(batch.map(({ item }) => item)).then(
        (results) => { for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result); },
        (error: unknown) => { for (const { reject } of batch) reject(error); },
      );
    }
    isRunning = false;
  };
  return (item) => new Promise((resolve, reject) => {
    waiting.push({ item, resolve, reject });
    if (!isRunning) void Promise.resolve().then(() => (isRunning ? undefined : run()));
  });
}

/** Takers that sleep until they are woken, and go on while they find something. */
function takers(count: number, take: () => Promise<number>): Pick<Queue, 'wake' | 'settle'> {
  let wakings = 0;
  const running = new Set<Promise<void>>();
  const work = async (): Promise<void> => {
    let seen = -1;
    while (seen !== wakings) {
      seen = wakings;
      while ((await take()) > 0);
    }
  };
  return {
    wake() {
      wakings += 1;
      if (running.size >= count) return;
      const taker = work();
      running.add(taker);
      void taker.finally(() => running.delete(taker));
    },
    async settle() { while (running.size > 0) await Promise.all(running); },
  };
}

/** A table as the queue: a trigger is taken and claimed in one statement. */
export const tableQueue = (options: { readonly takersMax: number; readonly batchMax: number }): OpenQueue => (_, pool, onTrigger) => {
  const text = `
    WITH taken AS (DELETE FROM triggers WHERE number IN (SELECT number FROM triggers ORDER BY number LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING handoff)
    INSERT INTO claims SELECT handoff, 'done' FROM taken RETURNING handoff`;
  const take = async (): Promise<number> => {
    const { rows } = await pool.query<{ handoff: string }>({ name: 'take', text, values: [options.batchMax] });
    for (const { handoff } of rows) onTrigger(handoff);
    return rows.length;
  };
  return Promise.resolve({ ...takers(options.takersMax, take), enqueue: 'INSERT INTO triggers (handoff, payload) SELECT handoff, payload FROM released', close: () => Promise.resolve() });
};

/** pg-boss without its polling: fetched as soon as something was put in, up to 100 jobs at once, completed together. */
export const bossQueue: OpenQueue = async ({ root, cluster, connections }, _, onTrigger) => {
  const PgBoss = loadPgBoss(root);
  const boss = new PgBoss({ ...cluster, database: 'postgres', max: connections });
  const failures: Error[] = [];
  boss.on('error', (error) => { failures.push(error); });
  await boss.start();
  await boss.createQueue('handoff');
  const take = async (): Promise<number> => {
    const jobs = await boss.fetch('handoff', { batchSize: 100, priority: false });
    for (const { data } of jobs) onTrigger(data.key);
    if (jobs.length > 0) await boss.complete('handoff', jobs.map(({ id }) => id));
    return jobs.length;
  };
  return {
    ...takers(2, take),
    // Straight into its table, as its manual allows: `send` would be a transaction of four round trips.
    enqueue: "INSERT INTO pgboss.job (name, data) SELECT 'handoff', payload FROM released",
    async close() {
      await boss.stop({ graceful: true });
      if (failures[0] !== undefined) throw failures[0];
    },
  };
};

/** graphile-worker with its own batching: jobs fetched 100 at a time into its local queue, completions gathered for 1 ms. */
export const graphileQueue: OpenQueue = async ({ root, cluster, connections }, _, onTrigger) => {
  const { run, Logger } = loadGraphileWorker(root);
  const failures: string[] = [];
  const logger = new Logger(() => (level, text) => { if (level === 'error') failures.push(text); });
  const { Pool } = loadPg(root);
  const pool = new Pool({ ...cluster, database: 'postgres', max: connections });
  const runner = await run({
    pgPool: pool, logger, noHandleSignals: true,
    preset: { worker: { concurrentJobs: 50, pollInterval: 100, localQueue: { size: 100 }, completeJobBatchDelay: 1, failJobBatchDelay: 1 } },
    taskList: { handoff: ({ key }: { key: string }) => { onTrigger(key); } },
  });
  const count = async (): Promise<number> => (await pool.query<{ jobs: number }>({ text: 'SELECT count(*)::int AS jobs FROM graphile_worker.jobs' })).rows[0]?.jobs ?? 0;
  return {
    enqueue: "SELECT graphile_worker.add_job('handoff', payload := payload::json) FROM released",
    wake() { /* The worker listens. */ },
    async settle() { while ((await count()) > 0); },
    async close() {
      await runner.stop();
      await pool.end();
      if (failures[0] !== undefined) throw new RangeError(failures[0]);
    },
  };
};
