import type { EpochMs } from '@handoff/contracts';
import { gameDateOf } from '@handoff/slate';
import pc from 'picocolors';

/** Tells on stderr how far a simulation is: a line for each game date, and for each part of the season that is loaded. */
export class SimulationDisplay {
  readonly #isQuiet: boolean;
  #date = '';

  constructor({ isQuiet }: { readonly isQuiet: boolean }) {
    this.#isQuiet = isQuiet;
  }

  notice(text: string): void {
    process.stderr.write(`${pc.yellow('note')}: ${text}\n`);
  }

  historyLoaded({ done, total, through }: { readonly done: number; readonly total: number; readonly through: string }): void {
    process.stderr.write(`season to date: ${done} of ${total} dates, through ${through}\n`);
  }

  timePassed(now: EpochMs): void {
    const date = gameDateOf(now);
    if (this.#isQuiet || date === this.#date) return;
    this.#date = date;
    if (process.stderr.isTTY) process.stderr.write(`\r${pc.dim(`living through ${date}`)}`);
  }

  close(): void {
    if (this.#date !== '' && process.stderr.isTTY) process.stderr.write('\n');
  }
}
