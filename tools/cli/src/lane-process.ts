import { spawn } from 'node:child_process';
import { LaneReport, type LaneShare, type RandomRunsReport } from '@handoff/simulator';
import { exitCodes } from './exit-codes.ts';

/** Lives through a share of the seeds in a process of this command's own kind. What it tells a terminal goes to ours. */
export async function liveInLane({ seed, every, runs }: LaneShare, options: readonly string[]): Promise<RandomRunsReport> {
  const [command = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, command, 'simulate', '--seed', String(seed), '--every', String(every), '--runs', String(runs), '--processes', '1', ...options, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => { parts.push(part); });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (exitCode !== exitCodes.ok && exitCode !== exitCodes.error) throw new Error(`the process for seed ${seed} and every ${every} after it ended with ${exitCode ?? 'a signal'}`);
  return LaneReport.parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
}
