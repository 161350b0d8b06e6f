import { resolve } from 'node:path';
import { SystemClock } from '@handoff/clock-system';
import type { EmbeddedSystem } from '@handoff/composition/embedded';
import type { EpochMs } from '@handoff/contracts';
import { withFolder } from '@handoff/local';
import { createLog } from '@handoff/logging';
import type { Command } from 'commander';

/** What every command has that looks into a run's folder. */
export interface FolderOptions {
  readonly dir: string;
  readonly json?: true;
}

export const withFolderOptions = (command: Command): Command =>
  command.option('--dir <folder>', 'where the run keeps its state', '.handoff').option('--json', 'one JSON object and nothing else');

/** Acts on the folder that the options name. */
export const inFolder = <Result>({ dir }: FolderOptions, act: (system: EmbeddedSystem, now: EpochMs) => Promise<Result>): Promise<Result> =>
  withFolder({ folder: resolve(dir), log: createLog({ level: 'error', clock: new SystemClock(), stream: process.stderr }) }, act);

/** Shows a value: as JSON for machines, else as the text that `render` makes of it. */
export function show<Value extends { readonly schema: string }>({ json }: FolderOptions, value: Value, render: (value: Value) => string): void {
  process.stdout.write(`${json === true ? JSON.stringify(value) : render(value)}\n`);
}
