import { spawn } from 'node:child_process';
import { joinRuns, LaneReport, ScenarioRunsReport, SimulationReport, type LaneShare, type RandomRunsReport, type ScenarioFile } from '@handoff/simulator';
import { exitCodes } from './exit-codes.ts';

/** Lives through a share of the seeds in a process of its own. */
export async function liveSeedsInLane({ seed, every, runs }: LaneShare, options: readonly string[]): Promise<RandomRunsReport> {
  return LaneReport.parse(await simulateApart(['--seed', String(seed), '--every', String(every), '--runs', String(runs), ...options]));
}

/** Lives through some scenario files in a process of its own, which reports a single one as a single one. */
export async function liveScenariosInLane(files: readonly ScenarioFile[], options: readonly string[]): Promise<ScenarioRunsReport> {
  const answer = await simulateApart(['--scenario', ...files.map(({ file }) => file), ...options]);
  const [first] = files;
  if (first === undefined || files.length > 1) return ScenarioRunsReport.parse(answer);
  return joinRuns([{ file: first.file, report: SimulationReport.parse(answer) }]);
}

/** `handoff simulate` in a process of this command's own kind. What it tells a terminal goes to ours. */
async function simulateApart(args: readonly string[]): Promise<unknown> {
  const [command = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, command, 'simulate', ...args, '--processes', '1', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => { parts.push(part); });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (exitCode === null || exitCode > exitCodes.error) throw new Error(`the process of simulate ${args.join(' ')} ended with ${exitCode ?? 'a signal'}`);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}
