import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@handoff/clock-virtual';
import { openEmbedded, type EmbeddedSystem } from '@handoff/composition/embedded';
import type { EpochMs } from '@handoff/contracts';
import { createLog } from '@handoff/logging';
import type { Ports } from '@handoff/ports';
import { main } from './main.ts';

export interface Ran {
  readonly code: number;
  /** What was written to stdout, as JSON; undefined for nothing. */
  readonly answer: unknown;
  readonly told: string;
}

/** A run's folder for specs of commands, and the command line that looks into it. */
export class CliWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'handoff-cli-'));
  readonly #now: EpochMs;
  readonly #root: string;

  /** @param root - where the recordings are, for commands that ask sources. */
  constructor(now: EpochMs, root?: string) {
    this.#now = now;
    this.#root = root ?? this.folder;
    writeFileSync(join(this.folder, 'plan.json'), JSON.stringify({ schema: 'handoff.run-plan/1', sport: 'nba', from: '2026-01-24', to: '2026-01-24', data: 'spec' }));
    writeFileSync(join(this.folder, 'clock.json'), JSON.stringify({ now }));
  }

  /** Changes the folder as the system itself would. */
  async act(act: (ports: Ports, system: EmbeddedSystem) => Promise<unknown>): Promise<void> {
    const clock = new VirtualClock(this.#now);
    const system = await openEmbedded({ folder: this.folder, clock, log: createLog({ level: 'silent', clock, stream: process.stderr }), sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
    try {
      await act(system.ports, system);
    } finally {
      await system.close();
    }
  }

  /** Runs a command on the folder, with --json. */
  async run(...args: readonly string[]): Promise<Ran> {
    const { code, shown, told } = await commandLine([...args, '--dir', this.folder, '--json'], this.#root);
    return { code, answer: shown === '' ? undefined : JSON.parse(shown), told };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a command line, and takes what it writes. */
export async function commandLine(args: readonly string[], root: string): Promise<{ readonly code: number; readonly shown: string; readonly told: string }> {
  const written = { shown: '', told: '' };
  const restore = [captured(process.stdout, (text) => { written.shown += text; }), captured(process.stderr, (text) => { written.told += text; })];
  try {
    return { code: await main(args, { root }), ...written };
  } finally {
    for (const put of restore) put();
  }
}

/** Takes what is written to a stream; the answer gives the stream back. */
function captured(stream: NodeJS.WriteStream, take: (text: string) => void): () => void {
  const write = stream.write.bind(stream);
  stream.write = (text: string | Uint8Array): boolean => {
    take(String(text));
    return true;
  };
  return () => { stream.write = write; };
}
