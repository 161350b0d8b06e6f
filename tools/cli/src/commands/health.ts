import { isoInstant } from '@handoff/contracts';
import { loadDaySummary, type LoadedSummary } from '@handoff/pipeline-health';
import type { SummarySection } from '@handoff/validation';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { sportOption } from '../options.ts';
import { coloured } from '../render/health-checks.ts';
import { table } from '../render/table.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface HealthOptions extends SystemOptions {
  readonly sport: string;
}

interface ShownSummary {
  readonly schema: 'handoff.health/1';
  readonly now: string;
  readonly gameDate: string;
  readonly status: LoadedSummary['status'];
  readonly sections: readonly SummarySection[];
}

/** `handoff health`: the morning's message, now. */
export function healthCommand(finish: (exitCode: number) => void): Command {
  return withSystemOptions(new Command('health').description('How the pipeline is: what daily-health-summary tells each morning, as of now.'))
    .option('--sport <sport>', 'which sport', 'nba')
    .action(async (options: HealthOptions) => { finish(await health(options)); });
}

const exitCodesOf: Readonly<Record<LoadedSummary['status'], number>> = { HEALTHY: exitCodes.ok, WARNING: exitCodes.warning, CRITICAL: exitCodes.error };

async function health(options: HealthOptions): Promise<number> {
  const sport = sportOption(options.sport);
  const { status, sections, gameDate, at } = await inSystem(options, ({ ports }) => loadDaySummary(ports, sport));
  show<ShownSummary>(options, { schema: 'handoff.health/1', now: isoInstant(at), gameDate, status, sections }, render);
  return exitCodesOf[status];
}

const render = ({ status, gameDate, now, sections }: ShownSummary): string =>
  [`${status} on ${gameDate}, at ${now}`, table(['part', 'severity', 'what is known'], sections.map(({ name, severity, text }) => [name, coloured(severity), text]))].join('\n');
