import { apply, planProvisioning, scriptOf, type Finding } from '@handoff/deploy';
import { Command } from 'commander';
import { exitCodes, usageError } from '../exit-codes.ts';
import { appliedExit, appliedJson, askingFunctions, cloudOf, installationOf, lookAt, say, sayNoMore, showPlan, withInstallationOptions, type InstallationOptions } from '../installation-command.ts';
import { renderApplied } from '../render/applied.ts';
import { show } from '../system-command.ts';

interface ProvisionOptions extends InstallationOptions {
  readonly dryRun?: true;
  readonly script?: true;
}

const schema = 'handoff.provisioning/1';

/** `handoff provision`: makes everything that functions need, or says what it would run. */
export function provisionCommand(finish: (exitCode: number) => void): Command {
  return withInstallationOptions(new Command('provision').description('Makes accounts, secrets, files, tables, state, topics, subscriptions, jobs and alerts of an installation, or brings them to the catalogue.'))
    .option('--dry-run', 'looks, and prints as a script what it would run')
    .option('--script', 'prints as a script all that makes an installation, without looking at any')
    .action(async (options: ProvisionOptions) => { finish(await provision(options)); });
}

async function provision(options: ProvisionOptions): Promise<number> {
  if (options.script === true && (options.dryRun === true || options.json === true)) throw usageError('usage', '--script looks at nothing: it goes with neither --dry-run nor --json');
  const installation = installationOf(options);
  const cloud = cloudOf(installation);
  const steps = planProvisioning(installation, askingFunctions);
  if (options.script === true) {
    const nothing = steps.filter(({ isMadeElsewhere }) => isMadeElsewhere !== true).map((step): Finding => ({ step, state: 'absent' }));
    process.stdout.write(scriptOf(nothing));
    return exitCodes.ok;
  }
  const { findings } = await lookAt(steps, cloud, options);
  if (options.dryRun === true) return showPlan(findings, options, schema);
  const applied = await apply(findings, cloud, (step) => { say(options, step.name); });
  sayNoMore(options);
  show(options, { schema, environment: installation.environment, project: installation.project, dryRun: false, ...appliedJson(applied) }, () => renderApplied(applied));
  return appliedExit(applied);
}
