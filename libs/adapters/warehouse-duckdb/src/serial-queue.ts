/** Runs tasks one at a time, in the order in which they were asked for; one that fails does not stop the next. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(task, task);
    const ended = (): void => undefined;
    // The failure belongs to whoever asked for the task; here it only marks the end of it.
    this.last = result.then(ended, ended);
    return result;
  }
}
