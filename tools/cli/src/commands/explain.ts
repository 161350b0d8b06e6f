import { explainPhase, type PhaseExplanation } from '@handoff/local';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { dateOption, flowOption, phaseOption, sportOption } from '../options.ts';
import { renderExplanation } from '../render/explanation.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface ExplainOptions extends SystemOptions {
  readonly date: string;
  readonly phase: string;
  readonly flow?: string;
  readonly sport: string;
}

/** `handoff explain`: why a phase run is where it is, and which event would move it. */
export function explainCommand(finish: (exitCode: number) => void): Command {
  return withSystemOptions(new Command('explain').description('Tells why a phase run is where it is, and which event would move it.'))
    .requiredOption('--date <date>', 'the game date, YYYY-MM-DD (US Eastern)')
    .requiredOption('--phase <phase>', 'the phase: phase3, phase4, phase5, phase6-grade or phase6-publish')
    .option('--flow <flow>', 'pregame or postgame; both when left out')
    .option('--sport <name>', 'the sport', 'nba')
    .action(async (options: ExplainOptions) => { finish(await explain(options)); });
}

async function explain(options: ExplainOptions): Promise<number> {
  const { date, phase, flow, sport } = options;
  const request = { sport: sportOption(sport), gameDate: dateOption('--date', date), phase: phaseOption(phase), ...(flow === undefined ? {} : { flow: flowOption(flow) }) };
  const explained = await inSystem(options, ({ ports }) => explainPhase(ports, request));
  show(options, explained, renderExplanation);
  return exitCodeFor(explained);
}

/** A run that stands still for good is an error, one that went ahead without some of its inputs a warning. */
function exitCodeFor({ handoffs }: PhaseExplanation): number {
  if (handoffs.some(({ state }) => state === 'blocked' || state === 'failed')) return exitCodes.error;
  return handoffs.some(({ state }) => state === 'degraded') ? exitCodes.warning : exitCodes.ok;
}
