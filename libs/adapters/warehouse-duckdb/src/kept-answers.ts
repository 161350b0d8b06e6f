import type { Row } from '@handoff/contracts';

interface KeptAnswer {
  readonly rows: readonly Row[];
  /** Of each table that the statement reads, how often it had been written. */
  readonly written: readonly number[];
}

/** Rows that are kept at most, over all answers: some tens of megabytes. */
const rowsMax = 100_000;

/**
 * Answers of queries for as long as no table that they read is written: what BigQuery's own cache of results does. A
 * statement of the subset has no clock and no randomness in it, so that its answer follows from its text, its values
 * and the tables. The oldest answers go first when there are too many rows.
 */
export class KeptAnswers {
  readonly #answers = new Map<string, KeptAnswer>();
  readonly #written = new Map<string, number>();
  readonly #behind: ReadonlyMap<string, readonly string[]>;
  #rows = 0;

  /** @param behind - the tables that each view reads. */
  constructor(behind: ReadonlyMap<string, readonly string[]>) {
    this.#behind = behind;
  }

  /** To be called before a table is written: what fails half-way has perhaps changed it. */
  forgetTable(table: string): void {
    this.#written.set(table, this.#times(table) + 1);
  }

  /** What a statement that reads these tables and views answered, unless one of them was written since. */
  find(sql: string, read: readonly string[]): readonly Row[] | undefined {
    const answer = this.#answers.get(sql);
    if (answer === undefined) return undefined;
    const written = this.#writtenOf(read);
    if (answer.written.every((times, index) => times === written[index])) return answer.rows;
    this.#drop(sql, answer);
    return undefined;
  }

  /** Keeps an answer and makes it unchangeable, since several callers will have it. */
  keep(sql: string, read: readonly string[], rows: readonly Row[]): readonly Row[] {
    if (rows.length > rowsMax / 4) return rows;
    for (const row of rows) freeze(row);
    this.#answers.set(sql, { rows: Object.freeze(rows), written: this.#writtenOf(read) });
    this.#rows += rows.length + 1;
    for (const [oldest, answer] of this.#answers) {
      if (this.#rows <= rowsMax) break;
      this.#drop(oldest, answer);
    }
    return rows;
  }

  #drop(sql: string, answer: KeptAnswer): void {
    this.#answers.delete(sql);
    this.#rows -= answer.rows.length + 1;
  }

  #writtenOf(read: readonly string[]): readonly number[] {
    return read.flatMap((name) => this.#behind.get(name) ?? [name]).map((table) => this.#times(table));
  }

  #times(table: string): number {
    return this.#written.get(table) ?? 0;
  }
}

/** JSON columns and arrays too. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const name in value) freeze((value as Readonly<Record<string, unknown>>)[name]);
}
