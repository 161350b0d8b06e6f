import { appendFileSync } from 'node:fs';
import { gameDate } from '@handoff/contracts';
import { createLog } from '@handoff/logging';
import type { Log } from '@handoff/ports';
import { madeUpSeason } from '@handoff/sources-recorded';
import type { LocalEvent } from './local-system.ts';
import { replay } from './replay.ts';
import { replayWords } from './replay-words.ts';

/** Kills this process, as a machine that loses power does: no handler runs, nothing is flushed. */
class Killer {
  #left: number;

  constructor(after: number) {
    this.#left = after;
  }

  /** Counts one; the last one is the end. */
  count(): void {
    this.#left -= 1;
    if (this.#left === 0) process.kill(process.pid, 'SIGKILL');
  }

  /** A log whose lines count: flows write them in the middle of their work. */
  counting(log: Log): Log {
    const counted = (write: Log['info']): Log['info'] => (fields, message) => { write(fields, message); this.count(); };
    return { info: counted(log.info.bind(log)), warn: counted(log.warn.bind(log)), error: counted(log.error.bind(log)), child: (fields) => this.counting(log.child(fields)) };
  }
}

/** Notes every scrape that was not dropped as a repetition, beside the folder: what dies with the process is not in its stores. */
function note({ function: name, delivery, response }: LocalEvent): void {
  if (name === 'phase1-scrape' && response.body['outcome'] !== 'duplicate') appendFileSync(`${folder}.scrapes`, `${delivery?.message.key ?? ''}\n`);
}

const [folder = '', kind = 'never', after = '0'] = process.argv.slice(2);
const killer = new Killer(Number(after));
const { season, from, to } = replayWords;
const { report } = await replay({
  sport: 'nba', from: gameDate(from), to: gameDate(to), season: madeUpSeason(season), folder,
  log: (clock) => {
    const log = createLog({ level: 'error', clock, stream: process.stderr });
    return kind === 'lines' ? killer.counting(log) : log;
  },
  onEvent: (event) => {
    note(event);
    if (kind === 'events') killer.count();
  },
});
process.stdout.write(JSON.stringify(report));
