import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { drive, type EngineFigures } from './drive.ts';
import { engines, type EngineSetting, type NamedEngine } from './engines.ts';
import { chains } from './slates.ts';

/** The size of a run: dates worked on under load, dates handed off one at a time, and dates in hand at once. */
export const chainsUnderLoad = 1_000;
export const singleChains = 100;
export const inFlight = 250;
/** MiB of young generation for the process of every engine: with Node's 16 all of them spend a sixth of their time on collecting. */
export const youngGenerationMiB = 64;

const Figures = z.object({ handoffs: z.number(), events: z.number(), seconds: z.number(), cpuSeconds: z.number(), p50Ms: z.number(), p95Ms: z.number(), peakMiB: z.number() }) satisfies z.ZodType<EngineFigures>;

/** Runs an engine in a process of its own, so that its memory and its compiled code are its own. */
export async function measureApart({ name }: NamedEngine, { root, postgresHost }: EngineSetting): Promise<EngineFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, [`--max-semi-space-size=${youngGenerationMiB}`, join(root, 'tools', 'bench', 'bin', 'bench.mjs'), 'engine', name, postgresHost], { maxBuffer: 2 ** 24 });
  return Figures.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}

/** What the process of an engine does: its last line of output is what it measured. */
export async function runEngine(root: string, name: string, postgresHost: string): Promise<void> {
  const engine = engines.find((candidate) => candidate.name === name);
  if (engine === undefined) throw new RangeError(`no engine ${name}: ${engines.map((known) => known.name).join(', ')}`);
  const figures = await drive({ open: engine.open({ root, postgresHost }), chains: chains(chainsUnderLoad + singleChains), chainsUnderLoad, inFlight });
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
