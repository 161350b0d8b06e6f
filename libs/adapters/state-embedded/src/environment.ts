import { PipelineError } from '@handoff/contracts';
import { open, type RootDatabase } from 'lmdb';
import { EmbeddedTable, openDatabase, type TableKey, type TableOptions } from './embedded-table.ts';
import { asPipelineError } from './errors.ts';
import { isEnvironmentFile } from './file-header.ts';
import { hasJournal, Journal, recordsAfter, removeJournal } from './journal.ts';
import { decodeChanges } from './journaled-changes.ts';

/**
 * How far an acknowledged write has got. `process` survives the death of the process at any moment, since the
 * operating system holds the pages by then; `disk` survives the death of the machine too. `close` survives neither: it
 * is in the file once the environment is closed, for a run that is begun anew when its process dies.
 */
export type Durability = 'close' | 'process' | 'disk';

export interface EmbeddedEnvironment {
  readonly durability: Durability;
  /** The number of the group of works that is running: rises with every commit, and is never given twice, in no process. */
  readonly group: number;
  /** The table of that name; of several who ask, the first one's options hold. */
  table<Key extends TableKey, Value>(options: TableOptions<Key, Value>): EmbeddedTable<Key, Value>;
  /**
   * Runs `work`, which writes to tables, and resolves when what it wrote is as durable as the environment
   * promises. Works that are asked for at about the same time are one group: they run in the order in which they
   * were asked for, each sees those before it, and they are committed together. A work that throws writes
   * nothing, and the others of its group are not concerned.
   *
   * @throws `state-unavailable` (retry), `state-full` (defer) where the disk has no space left, and what
   *   `work` throws.
   */
  commit<Result>(work: () => Result): Promise<Result>;
  /** @throws `state-unavailable` (retry) once the environment is closed: reading freed memory would end the process. */
  assertOpen(): void;
  /** Runs what has been asked for, then closes. */
  close(): Promise<void>;
}

interface Asked {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Ran {
  readonly asked: Asked;
  readonly result: unknown;
}

/**
 * Opens the file that holds state and bus, and makes it where it is missing.
 *
 * @throws `state-corrupt` (reject) when the file is not an lmdb environment.
 */
export function openEmbeddedEnvironment(file: string, durability: Durability = 'process'): EmbeddedEnvironment {
  const isLeftOver = hasJournal(file);
  // What is left of a journal goes into lmdb flushed, whatever is promised of what comes after.
  const root = openRoot(file, isLeftOver ? 'disk' : durability);
  if (isLeftOver) recover(file, root);
  return new GroupedEnvironment(file, root, durability);
}

const numbersTable = 'environment';
const groupKey = 'group';
/** Bytes of journal from which it is put into lmdb: some 1,500 hand-offs, and less than half a second of recovery. */
const journalBytesMax = 16 * 2 ** 20;
/** Groups that are held in memory until they are put into lmdb: half a simulated day, in which the same few documents are written over and over. */
const heldGroupsMax = 1_000;

/** Puts into lmdb what a process that died had flushed and not put there, and starts without a journal. */
function recover(file: string, root: RootDatabase<string, string>): void {
  const group = Number(openDatabase<string>(root, numbersTable, 'text').get(groupKey) ?? 0);
  const changes = recordsAfter(file, group).flatMap(({ payload }) => [...decodeChanges(payload)]);
  const databases = new Map(changes.map(({ table, key }) => [table, openDatabase<TableKey>(root, table, typeof key === 'number' ? 'number' : 'text')]));
  // The numbers last, as in the journal's own records: what is put without its number is put again.
  const inOrder = [...changes.filter(({ table }) => table !== numbersTable), ...changes.filter(({ table }) => table === numbersTable)];
  root.transactionSync(() => {
    for (const { table, key, text } of inOrder) {
      if (text === undefined) databases.get(table)?.removeSync(key);
      else databases.get(table)?.putSync(key, text);
    }
  });
  removeJournal(file);
}

/**
 * Commits in groups, one at a time.
 *
 * With `process` a group is what was asked for until the turn has nothing left to run; it is committed at once, on
 * this thread: 35,000 creates one after another a second on 2 cores, against 5,000 by way of lmdb's own thread.
 *
 * With `close` nothing is written but from time to time, and at the end: what is held in memory stands before lmdb.
 *
 * With `disk` a group is a record of the journal, written and flushed while this thread goes on; what is asked for
 * meanwhile is the next group, so that however many ask, each waits for two flushes at most. Nobody but the works
 * of the next group, which run only after it, sees a group before it is flushed: a flush that fails takes back
 * nothing that somebody has built on. From time to time what the journal holds is put into lmdb by lmdb's own thread.
 */
class GroupedEnvironment implements EmbeddedEnvironment {
  readonly durability: Durability;
  readonly #file: string;
  readonly #root: RootDatabase<string, string>;
  readonly #journal: Journal | undefined;
  /** In the order in which their changes are journaled, and put into lmdb. */
  readonly #tables: EmbeddedTable<never, never>[] = [];
  readonly #byName = new Map<string, unknown>();
  readonly #numbers: EmbeddedTable<string, number>;
  group: number;
  #asked: Asked[] = [];
  /** Settles when the group that is being flushed is through; never rejects. */
  #flushing: Promise<void> | undefined;
  /** Settles when what one turn of the journal held is in lmdb, or was refused by it; never rejects. */
  #emptying: Promise<void> | undefined;
  /** Groups since the last that were put into lmdb, where there is no journal to tell. */
  #held = 0;
  /** True when lmdb did not take what is on its way, so that it has to be tried again. */
  #isStuck = false;
  #isScheduled = false;
  #isClosed = false;

  constructor(file: string, root: RootDatabase<string, string>, durability: Durability) {
    this.#file = file;
    this.#root = root;
    this.durability = durability;
    this.#journal = durability === 'disk' ? new Journal(file) : undefined;
    this.#numbers = this.table<string, number>({ name: numbersTable, keys: 'text', encode: String, decode: Number });
    this.group = (this.#numbers.committed(groupKey) ?? this.#firstNumber()) + 1;
  }

  /** A file of before there were groups has the numbers of its transactions as versions. Kept, since the journal's records follow it. */
  #firstNumber(): number {
    const number = lastTransactionOf(this.#root);
    this.#numbers.write('', groupKey, number);
    this.#root.transactionSync(() => { this.#numbers.putNow(); });
    this.#numbers.keepWork();
    this.#numbers.endGroup('in-lmdb');
    return number;
  }

  table<Key extends TableKey, Value>(options: TableOptions<Key, Value>): EmbeddedTable<Key, Value> {
    const known = this.#byName.get(options.name);
    if (known !== undefined) return known as EmbeddedTable<Key, Value>;
    const table = new EmbeddedTable<Key, Value>(this.#root, options);
    this.#byName.set(options.name, table);
    // The number of the group is opened first and stays last: it must be in lmdb only where the group's data is.
    this.#tables.splice(-1, 0, table as unknown as EmbeddedTable<never, never>);
    return table;
  }

  commit<Result>(work: () => Result): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.assertOpen();
      this.#asked.push({ work, resolve: resolve as (result: unknown) => void, reject });
      this.#schedule();
    });
  }

  assertOpen(): void {
    if (this.#isClosed) throw new PipelineError({ code: 'state-unavailable', disposition: 'retry', message: 'the embedded state is closed' });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    while (this.#flushing !== undefined || this.#asked.length > 0) {
      if (this.#flushing === undefined) this.#commitAsked();
      await this.#flushing;
    }
    if (this.#isClosed as boolean) return;
    this.#isClosed = true;
    if (this.durability !== 'process') await this.#emptyAll();
    this.#closeJournal();
    await this.#root.close();
    if (this.#isStuck && this.#journal === undefined) throw new PipelineError({ code: 'state-full', disposition: 'defer', message: `what was written last is not in ${this.#file}: free some space and run the same again from the beginning`, facts: { file: this.#file } });
  }

  /** What is on its way, and then the rest. */
  async #emptyAll(): Promise<void> {
    for (let turn = 1; turn <= 2; turn += 1) {
      await this.#emptying;
      this.#empty();
    }
    await this.#emptying;
  }

  /** What lmdb does not take stays in the journal, for whoever opens the file next. */
  #closeJournal(): void {
    if (this.#journal === undefined) return;
    this.#journal.close();
    if (!this.#isStuck) removeJournal(this.#file);
  }

  /** After everything that this turn can still run has run, so that it shares the group. */
  #schedule(): void {
    if (this.#isScheduled || this.#flushing !== undefined) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      if (this.#flushing === undefined && this.#asked.length > 0 && !this.#isClosed) this.#commitAsked();
    });
  }

  #commitAsked(): void {
    const ran = this.#run();
    if (!this.#tables.some((table) => table.hasChanges)) {
      this.#resolve(ran);
      return;
    }
    this.#numbers.write('', groupKey, this.group);
    this.#numbers.keepWork();
    if (this.durability === 'close') this.#hold(ran);
    else if (this.#journal === undefined) this.#commitNow(ran);
    else this.#flushing = this.#commitLater(this.#journal, ran);
  }

  /** Runs what was asked for. What fails alone is rejected here, the rest is returned. */
  #run(): readonly Ran[] {
    const all = this.#asked;
    this.#asked = [];
    const ran: Ran[] = [];
    for (const asked of all) {
      try {
        ran.push({ asked, result: asked.work() });
        for (const table of this.#tables) table.keepWork();
      } catch (error) {
        for (const table of this.#tables) table.undoWork();
        asked.reject(asPipelineError(error));
      }
    }
    return ran;
  }

  #hold(ran: readonly Ran[]): void {
    this.#end(ran, 'held');
    this.#held += 1;
    if (this.#held < heldGroupsMax || this.#emptying !== undefined) return;
    this.#held = 0;
    this.#empty();
  }

  #commitNow(ran: readonly Ran[]): void {
    try {
      this.#root.transactionSync(() => { for (const table of this.#tables) table.putNow(); });
    } catch (error) {
      this.#fail(ran, error);
      return;
    }
    this.#end(ran, 'in-lmdb');
  }

  async #commitLater(journal: Journal, ran: readonly Ran[]): Promise<void> {
    try {
      await journal.append({ group: this.group, payload: this.#tables.map((table) => table.journal()).join('') });
    } catch (error) {
      this.#flushing = undefined;
      this.#fail(ran, error);
      return;
    }
    this.#flushing = undefined;
    this.#end(ran, 'held');
    if (journal.length > journalBytesMax && this.#emptying === undefined) this.#empty();
  }

  #end(ran: readonly Ran[], station: 'in-lmdb' | 'held'): void {
    this.group += 1;
    for (const table of this.#tables) table.endGroup(station);
    this.#resolve(ran);
  }

  #resolve(ran: readonly Ran[]): void {
    for (const { asked, result } of ran) asked.resolve(result);
    if (this.#asked.length > 0) this.#schedule();
  }

  #fail(ran: readonly Ran[], error: unknown): void {
    for (const table of this.#tables) table.endGroup('failed');
    for (const { asked } of ran) asked.reject(asPipelineError(error));
    if (this.#asked.length > 0) this.#schedule();
  }

  /** Starts to put what is held into lmdb. What lmdb refused before is tried first, and alone. */
  #empty(): void {
    if (!this.#isStuck) {
      this.#journal?.turn();
      for (const table of this.#tables) table.turn();
    }
    this.#emptying = this.#putOnItsWay();
  }

  async #putOnItsWay(): Promise<void> {
    try {
      await this.#root.batch(() => { for (const table of this.#tables) table.putOnItsWay(); });
      for (const table of this.#tables) table.arrived();
      this.#isStuck = false;
    // eslint-disable-next-line audit/no-swallowed-error -- it is kept as a state of its own, and told by whoever has to wait for it
    } catch {
      // Nothing is lost: it is held before lmdb, in the journal where there is one, and is tried again when as much has come.
      this.#isStuck = true;
    }
    this.#emptying = undefined;
  }
}

/** lmdb's types do not tell what its statistics hold. */
const lastTransactionOf = (root: RootDatabase<string, string>): number => (root.getStats() as { lastTxnId: number }).lastTxnId;

function openRoot(file: string, durability: Durability): RootDatabase<string, string> {
  try {
    if (!isEnvironmentFile(file)) throw new Error('the file does not begin as an lmdb environment does');
    // Without overlapping syncs a commit that returns is on the disk, so there is no second moment to wait for.
    return open<string, string>({ path: file, noSubdir: true, encoding: 'string', noSync: durability !== 'disk', overlappingSync: false, maxDbs: 8 });
  } catch (error) {
    throw new PipelineError({
      code: 'state-corrupt',
      disposition: 'reject',
      message: `the state in ${file} cannot be opened: remove the folder, or choose another with --dir`,
      facts: { file },
      cause: error,
    });
  }
}
