import { isoInstant, type EpochMs } from '@handoff/contracts';
import type { LocalEvent } from '@handoff/local';
import { easternHour, gameDateOf } from '@handoff/slate';
import { SingleBar } from 'cli-progress';
import pc from 'picocolors';
import { narrate } from './narrate.ts';

interface Range {
  readonly from: string;
  readonly to: string;
}

/**
 * Shows a replay while it goes on. Progress and notices go to stderr, so that stdout is the result alone; a
 * pipe gets plain lines, a terminal a bar and colour.
 */
export class ReplayDisplay {
  readonly #isQuiet: boolean;
  readonly #bar: SingleBar | undefined;
  #isBarRunning = false;
  #isHistoryLoaded = false;
  #lastDate = '';

  constructor({ isQuiet }: { readonly isQuiet: boolean }) {
    this.#isQuiet = isQuiet;
    this.#bar = process.stderr.isTTY ? new SingleBar({ format: 'season to date {bar} {value}/{total} dates, through {through}', clearOnComplete: false, stream: process.stderr }) : undefined;
  }

  notice(text: string): void {
    process.stderr.write(`${pc.yellow('note')}: ${text}\n`);
  }

  started({ isResumed, putAside }: { readonly isResumed: boolean; readonly putAside: string | undefined }, { from, to }: Range): void {
    if (putAside !== undefined) this.notice(`another run was in the folder and was moved to ${putAside}`);
    if (isResumed) this.notice('going on with the run that is in the folder');
    if (!this.#isQuiet) process.stdout.write(`${pc.bold('handoff replay')} ${from === to ? from : `${from} to ${to}`}\n`);
  }

  historyLoaded({ done, total, through }: { readonly done: number; readonly total: number; readonly through: string }): void {
    this.#isHistoryLoaded = done >= total;
    if (this.#bar === undefined) {
      process.stderr.write(`season to date: ${done} of ${total} dates, through ${through}\n`);
      return;
    }
    if (!this.#isBarRunning) this.#bar.start(total, 0, { through });
    this.#isBarRunning = true;
    this.#bar.update(done, { through });
    if (done >= total) this.#stopBar();
  }

  happened(event: LocalEvent): void {
    // On a terminal the bar tells of the history; lines in between would tear it.
    const isTold = this.#bar !== undefined && !this.#isHistoryLoaded && event.delivery?.message.payload['purpose'] === 'history';
    if (this.#isQuiet || isTold) return;
    const line = narrate(event);
    if (line === undefined) return;
    const date = gameDateOf(event.at);
    if (date !== this.#lastDate) process.stdout.write(`\n${pc.bold(date)}\n`);
    this.#lastDate = date;
    process.stdout.write(`${pc.dim(easternClock(event.at))}  ${line}\n`);
  }

  /** Long ranges without narration still show that they move. */
  timePassed(now: EpochMs): void {
    const date = gameDateOf(now);
    if (!this.#isQuiet || !process.stderr.isTTY || date === this.#lastDate) return;
    this.#lastDate = date;
    process.stderr.write(`\r${date} `);
  }

  close(): void {
    this.#stopBar();
    if (this.#isQuiet && process.stderr.isTTY) process.stderr.write('\r');
  }

  #stopBar(): void {
    if (this.#isBarRunning) this.#bar?.stop();
    this.#isBarRunning = false;
  }
}

const easternClock = (at: EpochMs): string => `${String(easternHour(at)).padStart(2, '0')}:${isoInstant(at).slice(14, 16)} ET`;
