import { PipelineError } from '@handoff/contracts';
import type { RootDatabase } from 'lmdb';
import { EmbeddedTable, type TableKey, type TableOptions } from './embedded-table.ts';
import { groupKey, lastTransactionOf, numbersTable, openRoot } from './environment-file.ts';
import { asPipelineError } from './errors.ts';
import { Journal, removeJournal } from './journal.ts';

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
  /**
   * Runs what has been asked for, then closes.
   *
   * @throws with `close`, what lmdb said when it did not take what was written: it is lost, and the run has to be
   *   made again from its beginning.
   */
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
  return new GroupedEnvironment(file, openRoot(file, durability === 'disk'), durability);
}

/** Bytes of journal from which it is put into lmdb: some 1,500 hand-offs, and less than half a second of recovery. */
const journalBytesMax = 16 * 2 ** 20;
/** Groups that are held in memory until they are put into lmdb: half a simulated day, in which the same few documents are written over and over. */
const heldGroupsMax = 1_000;

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
  /** Settles when what was held since the turn before is in lmdb, or was refused by it; never rejects. */
  #emptying: Promise<void> | undefined;
  /** Groups since the last that were put into lmdb, where there is no journal to tell. */
  #held = 0;
  /** What lmdb said when it did not take what is on its way, which has to be tried again. */
  #refusal: { readonly cause: unknown } | undefined;
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
    // What a journal holds waits there for whoever opens the file next; without one it is gone, and nobody may take it for kept.
    if (this.durability === 'close' && this.#refusal !== undefined) throw asPipelineError(this.#refusal.cause);
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
    if (this.#refusal === undefined) removeJournal(this.#file);
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
    if (this.#refusal === undefined) {
      this.#journal?.turn();
      for (const table of this.#tables) table.turn();
    }
    this.#emptying = this.#putOnItsWay().finally(() => { this.#emptying = undefined; });
  }

  async #putOnItsWay(): Promise<void> {
    try {
      await this.#root.batch(() => { for (const table of this.#tables) table.putOnItsWay(); });
      for (const table of this.#tables) table.arrived();
      this.#refusal = undefined;
    } catch (cause) {
      // Nothing is lost yet: it is held before lmdb, in the journal where there is one, and is tried again when as much has come.
      this.#refusal = { cause };
    }
  }
}
