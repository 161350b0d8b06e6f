import { PipelineError } from '@handoff/contracts';
import { Command, CommanderError } from 'commander';
import { backfillCommand } from './commands/backfill.ts';
import { breakersCommand } from './commands/breakers.ts';
import { catalogueCommand } from './commands/catalogue.ts';
import { conflictsCommand } from './commands/conflicts.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { deployCommand } from './commands/deploy.ts';
import { driftCommand } from './commands/drift.ts';
import { explainCommand } from './commands/explain.ts';
import { gapsCommand } from './commands/gaps.ts';
import { healthCommand } from './commands/health.ts';
import { healCommand } from './commands/heal.ts';
import { provisionCommand } from './commands/provision.ts';
import { queueCommand } from './commands/queue.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { workflowHealthCommand } from './commands/workflow-health.ts';
import { replayCommand } from './commands/replay.ts';
import { simulateCommand } from './commands/simulate.ts';
import { traceCommand } from './commands/trace.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';

/** Where the workspace is: recordings and the default folder are found from it. */
export interface CommandSetting {
  readonly root: string;
}

/** Runs one command and answers its exit code. Errors are one line on stderr that says what to do. */
export async function main(args: readonly string[], setting: CommandSetting): Promise<number> {
  const outcome = { exitCode: exitCodes.ok as number, command: '' };
  const finish = (exitCode: number): void => { outcome.exitCode = exitCode; };
  const program = programOf(setting, finish).hook('preAction', (_, command) => { outcome.command = wordsOf(command); });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const exitCode = exitCodeOf(error, outcome.command);
    process.stderr.write(`handoff: ${exitCode === exitCodes.couldNotCheck ? 'could not check: ' : ''}${describe(error)}\n`);
    return exitCode;
  }
  return outcome.exitCode;
}

/** Every command that there is. */
export function programOf(setting: CommandSetting, finish: (exitCode: number) => void): Command {
  const program = new Command('handoff')
    .description('Operates the handoff pipeline.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => { write(text.replace(/^error: /, 'handoff: ')); } })
    .showHelpAfterError('(handoff --help lists the commands and options)');
  for (const command of [replayCommand(setting, finish), simulateCommand(setting, finish), explainCommand(finish), healthCommand(finish), workflowHealthCommand(finish), reconcileCommand(finish), traceCommand(finish), backfillCommand(setting, finish), gapsCommand(finish), healCommand(finish), queueCommand(finish), deadLettersCommand(finish), conflictsCommand(finish), breakersCommand(finish), catalogueCommand(finish), provisionCommand(finish), deployCommand(setting, finish), driftCommand(setting, finish)]) program.addCommand(withOverride(command));
  return program;
}

/** The words of a command, without the program's own name. */
export const wordsOf = (command: Command): string => (command.parent === null ? '' : `${wordsOf(command.parent)} ${command.name()}`.trim());

/** Commander's settings of a parent do not reach commands that are added whole. */
function withOverride(command: Command): Command {
  command.exitOverride().configureOutput({ outputError: (text, write) => { write(text.replace(/^error: /, 'handoff: ')); } });
  command.commands.forEach(withOverride);
  return command;
}

function describe(error: unknown): string {
  if (error instanceof PipelineError) return `${error.message} [${error.code}]`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
