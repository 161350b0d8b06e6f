import { workflowHealthDefaults } from '@handoff/catalogue';
import { minutes, Sport } from '@handoff/contracts';
import { loadWorkflowHealth, severityOf, shownReport } from '@handoff/pipeline-health';
import { Command } from 'commander';
import { usageError } from '../exit-codes.ts';
import { inFolder, show, withFolderOptions, type FolderOptions } from '../folder-command.ts';
import { exitCodeOfSeverity, renderChecks, type ShownHealth } from '../render/health-checks.ts';

interface WorkflowHealthOptions extends FolderOptions {
  readonly hours: string;
  readonly thresholdMinutes: string;
  readonly sport: string;
}

/** `handoff workflow-health`: whether decisions are made, hand-offs move, and work comes to a good end. */
export function workflowHealthCommand(finish: (exitCode: number) => void): Command {
  const command = new Command('workflow-health').description('Whether decisions are made, hand-offs move, and work comes to a good end.');
  return withFolderOptions(command)
    .option('--hours <number>', 'how far to look back', String(workflowHealthDefaults.lookBackHours))
    .option('--threshold-minutes <number>', 'minutes without a decision that are too many', String(workflowHealthDefaults.gapThreshold / 60_000))
    .option('--sport <sport>', 'which sport', 'nba')
    .action(async (options: WorkflowHealthOptions) => { finish(await check(options)); });
}

async function check(options: WorkflowHealthOptions): Promise<number> {
  const sport = Sport.safeParse(options.sport);
  if (!sport.success) throw usageError('sport-unknown', `there is no sport ${options.sport}`);
  const question = { sport: sport.data, lookBackHours: whole('--hours', options.hours, workflowHealthDefaults.lookBackHoursMax), gapThreshold: minutes(whole('--threshold-minutes', options.thresholdMinutes, workflowHealthDefaults.gapThresholdMax / 60_000)), isReview: true };
  const report = await inFolder(options, ({ ports }) => loadWorkflowHealth(ports, question));
  show<ShownHealth<'handoff.workflow-health/1'>>(options, { schema: 'handoff.workflow-health/1', ...shownReport(report) }, renderChecks);
  return exitCodeOfSeverity(severityOf(report));
}

function whole(name: string, value: string, most: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > most) throw usageError('usage', `${name} ${value} is not a whole number from 1 to ${most}`);
  return number;
}
