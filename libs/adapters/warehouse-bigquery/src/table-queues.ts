/**
 * Lets one statement at a time change a table, in the order in which they were asked for.
 *
 * BigQuery runs two at once, queues 20 and refuses further ones; two that change the same partition conflict.
 * A process that sends one at a time never conflicts with itself, and keeps the order that its callers see.
 */
export class TableQueues {
  private readonly last = new Map<string, Promise<unknown>>();
  private readonly waiting = new Map<string, number>();

  /** Runs `work` when what was asked for before on this table is over. `tell` hears how many wait, this one included. */
  run<Result>(table: string, tell: (waiting: number) => void, work: () => Promise<Result>): Promise<Result> {
    this.change(table, 1);
    tell(this.waiting.get(table) ?? 0);
    const result = (this.last.get(table) ?? Promise.resolve()).then(() => work()).finally(() => { this.change(table, -1); });
    const ended = (): void => undefined;
    // The failure belongs to whoever asked; here it only marks the end.
    this.last.set(table, result.then(ended, ended));
    return result;
  }

  /** Resolves when everything that was asked for is over. */
  async idle(): Promise<void> {
    await Promise.all(this.last.values());
  }

  private change(table: string, by: number): void {
    this.waiting.set(table, (this.waiting.get(table) ?? 0) + by);
  }
}
