import { resolve } from 'node:path';
import { SystemClock } from '@handoff/clock-system';
import type { EpochMs } from '@handoff/contracts';
import { withFolder } from '@handoff/local';
import { createLog } from '@handoff/logging';
import type { Ports } from '@handoff/ports';
import { Option, type Command } from 'commander';

const profiles = ['embedded', 'emulated', 'cloud'] as const;

/** What every command has that looks into a system, or changes something in it. */
export interface SystemOptions {
  readonly profile: (typeof profiles)[number];
  readonly dir: string;
  readonly json?: true;
}

export const withSystemOptions = (command: Command): Command =>
  command
    .addOption(new Option('--profile <name>', 'which system: the folder of a run, emulators, or what is deployed').choices(profiles).default('embedded').env('HANDOFF_PROFILE'))
    .option('--dir <folder>', 'where the run keeps its state, on the embedded profile', '.handoff')
    .option('--json', 'one JSON object and nothing else');

export interface ReachedSystem {
  readonly ports: Ports;
}

/**
 * Acts on the system that the options name: the folder of a run, at its own time; or what GOOGLE_CLOUD_PROJECT,
 * BIGQUERY_LOCATION and STORAGE_BUCKET name, now, with the credentials of whoever calls it.
 *
 * @throws `folder-empty` (reject), `folder-in-use` (retry), `config-invalid` (reject), and what the stores throw.
 */
export async function inSystem<Result>({ profile, dir, json }: SystemOptions, act: (system: ReachedSystem, now: EpochMs) => Promise<Result>): Promise<Result> {
  const clock = new SystemClock();
  const log = createLog({ level: 'error', clock, stream: process.stderr });
  if (profile === 'embedded') return withFolder({ folder: resolve(dir), log }, act);
  const { openOperator } = await import('@handoff/composition/operator');
  const system = openOperator(process.env, { profile, clock, log });
  try {
    if (json !== true) process.stderr.write(`${profile}: ${system.place}\n`);
    return await act(system, clock.now());
  } finally {
    await system.close();
  }
}

/** Shows a value: as JSON for machines, else as the text that `render` makes of it. */
export function show<Value extends { readonly schema: string }>({ json }: Pick<SystemOptions, 'json'>, value: Value, render: (value: Value) => string): void {
  process.stdout.write(`${json === true ? JSON.stringify(value) : render(value)}\n`);
}
