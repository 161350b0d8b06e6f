import { workflowHealthDefaults } from '@handoff/catalogue';
import { minutes } from '@handoff/contracts';
import { loadWorkflowHealth, severityOf, shownReport } from '@handoff/pipeline-health';
import { Command } from 'commander';
import { sportOption, wholeOption } from '../options.ts';
import { exitCodeOfSeverity, renderChecks, type ShownHealth } from '../render/health-checks.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface WorkflowHealthOptions extends SystemOptions {
  readonly hours: string;
  readonly thresholdMinutes: string;
  readonly sport: string;
}

/** `handoff workflow-health`: whether decisions are made, hand-offs move, and work comes to a good end. */
export function workflowHealthCommand(finish: (exitCode: number) => void): Command {
  const command = new Command('workflow-health').description('Whether decisions are made, hand-offs move, and work comes to a good end.');
  return withSystemOptions(command)
    .option('--hours <number>', 'how far to look back', String(workflowHealthDefaults.lookBackHours))
    .option('--threshold-minutes <number>', 'minutes without a decision that are too many', String(workflowHealthDefaults.gapThreshold / 60_000))
    .option('--sport <sport>', 'which sport', 'nba')
    .action(async (options: WorkflowHealthOptions) => { finish(await check(options)); });
}

async function check(options: WorkflowHealthOptions): Promise<number> {
    const question = { sport: sportOption(options.sport), lookBackHours: wholeOption('--hours', options.hours, workflowHealthDefaults.lookBackHoursMax), gapThreshold: minutes(wholeOption('--threshold-minutes', options.thresholdMinutes, workflowHealthDefaults.gapThresholdMax / 60_000)), isReview: true };
  const report = await inSystem(options, ({ ports }) => loadWorkflowHealth(ports, question));
  show<ShownHealth<'handoff.workflow-health/1'>>(options, { schema: 'handoff.workflow-health/1', ...shownReport(report) }, renderChecks);
  return exitCodeOfSeverity(severityOf(report));
}
