import { resolve } from 'node:path';
import { SystemClock } from '@handoff/clock-system';
import { explainPhase, type PhaseExplanation } from '@handoff/local';
import { createLog } from '@handoff/logging';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { dateOption, flowOption, phaseOption, sportOption } from '../options.ts';
import { renderExplanation } from '../render/explanation.ts';

interface ExplainOptions {
  readonly date: string;
  readonly phase: string;
  readonly flow?: string;
  readonly sport: string;
  readonly dir: string;
  readonly json?: true;
}

/** `handoff explain`: why a phase run is where it is, and which event would move it. */
export function explainCommand(finish: (exitCode: number) => void): Command {
  return new Command('explain')
    .description('Tells why a phase run is where it is, and which event would move it.')
    .requiredOption('--date <date>', 'the game date, YYYY-MM-DD (US Eastern)')
    .requiredOption('--phase <phase>', 'the phase: phase3, phase4, phase5, phase6-grade or phase6-publish')
    .option('--flow <flow>', 'pregame or postgame; both when left out')
    .option('--sport <name>', 'the sport', 'nba')
    .option('--dir <folder>', 'where the run keeps its state', '.handoff')
    .option('--json', 'one JSON object and nothing else')
    .action(async (options: ExplainOptions) => {
      const explained = await explainPhase({
        folder: resolve(options.dir), sport: sportOption(options.sport), gameDate: dateOption('--date', options.date), phase: phaseOption(options.phase),
        ...(options.flow === undefined ? {} : { flow: flowOption(options.flow) }),
        log: createLog({ level: 'error', clock: new SystemClock(), stream: process.stderr }),
      });
      process.stdout.write(options.json === true ? `${JSON.stringify(explained)}\n` : `${renderExplanation(explained)}\n`);
      finish(exitCodeFor(explained));
    });
}

/** A run that stands still for good is an error, one that went ahead without some of its inputs a warning. */
function exitCodeFor({ handoffs }: PhaseExplanation): number {
  if (handoffs.some(({ state }) => state === 'blocked' || state === 'failed')) return exitCodes.error;
  return handoffs.some(({ state }) => state === 'degraded') ? exitCodes.warning : exitCodes.ok;
}
