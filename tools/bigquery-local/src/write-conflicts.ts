import { GoogleFailure } from '@handoff/loopback-http';

/** The table that a statement changes. An INSERT touches no rows of others, and never loses. */
const changedTable = /^\s*(?:MERGE(?:\s+INTO)?|UPDATE|DELETE\s+FROM)\s+`([^`]+)`/i;

/**
 * Changes that are to lose against one of another process, which there is none of here: the engine has one writer. Each
 * loses with BigQuery's words (https://cloud.google.com/bigquery/docs/error-messages, read 2026-11), and changes nothing.
 */
export class WriteConflicts {
  readonly #left = new Map<string, number>();

  /** The next `times` changes of a table lose. */
  add(table: string, times: number): void {
    this.#left.set(table, (this.#left.get(table) ?? 0) + times);
  }

  /** @throws a GoogleFailure for a statement that is a change which is to lose. */
  refuse(statement: string, project: string): void {
    const table = changedTable.exec(statement)?.[1];
    const left = table === undefined ? 0 : (this.#left.get(table) ?? 0);
    if (table === undefined || left === 0) return;
    this.#left.set(table, left - 1);
    throw new GoogleFailure(400, 'invalidQuery', `Could not serialize access to table ${project}:${table} due to concurrent update`);
  }
}
