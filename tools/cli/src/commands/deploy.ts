import { functionNames, type FunctionName } from '@handoff/catalogue';
import { apply, openLockFiles, planDeployment, stageBundle, type Applied, type Bundle, type Installation, type Step } from '@handoff/deploy';
import { Command } from 'commander';
import { commitOf } from '../commit.ts';
import { exitCodes, usageError } from '../exit-codes.ts';
import { appliedExit, appliedJson, askingFunctions, cloudOf, installationOf, lookAt, say, sayNoMore, showPlan, withInstallationOptions, type InstallationOptions } from '../installation-command.ts';
import type { CommandSetting } from '../main.ts';
import { renderApplied } from '../render/applied.ts';
import { askHealth, type Health } from '../smoke-check.ts';
import { show } from '../system-command.ts';

interface DeployOptions extends InstallationOptions {
  readonly all?: true;
  readonly dryRun?: true;
}

const schema = 'handoff.deployment/1';

/** `handoff deploy`: brings functions to what the workspace has bundled, then asks them how they are. */
export function deployCommand(setting: CommandSetting, finish: (exitCode: number) => void): Command {
  return withInstallationOptions(new Command('deploy').description('Deploys functions that are bundled (nx deploy <function> bundles first), and asks each for its deep health.'))
    .argument('[functions...]', 'their names')
    .option('--all', 'every function')
    .option('--dry-run', 'looks, and prints as a script what it would run')
    .action(async (names: readonly string[], options: DeployOptions) => { finish(await deploy(namesOf(names, options), options, setting)); });
}

/** @throws `usage` for none, or one that there is not. */
function namesOf(names: readonly string[], { all }: DeployOptions): readonly FunctionName[] {
  if ((names.length === 0) === (all === undefined)) throw usageError('usage', 'name the functions to deploy, or say --all');
  if (all === true) return functionNames;
  return names.map((name) => {
    const known = functionNames.find((one) => one === name);
    if (known === undefined) throw usageError('usage', `there is no function ${name}: choose of ${functionNames.join(', ')}`);
    return known;
  });
}

async function deploy(names: readonly FunctionName[], options: DeployOptions, { root }: CommandSetting): Promise<number> {
  const installation = installationOf(options);
  const cloud = cloudOf(installation);
  const steps = await planFunctions(names, { installation, root, options });
  const { findings } = await lookAt(steps, cloud, options);
  if (options.dryRun === true) return showPlan(findings, options, schema);
  const applied = await apply(findings, cloud, (step) => { say(options, `${step.name}: takes minutes where it is new`); });
  sayNoMore(options);
  const health = applied.some(({ outcome }) => outcome === 'failed') ? [] : await askHealth(names, installation, cloud.execute);
  show(options, { schema, environment: installation.environment, dryRun: false, ...appliedJson(applied), health }, () => render(applied, health));
  return Math.max(appliedExit(applied), ...health.map(({ state }) => healthExit[state]));
}

const healthExit: Readonly<Record<Health['state'], number>> = { ok: exitCodes.ok, unknown: exitCodes.warning, failing: exitCodes.error };

const render = (applied: readonly Applied[], health: readonly Health[]): string =>
  [renderApplied(applied), ...health.filter(({ state }) => state !== 'ok').map(({ name, says }) => `${name}: ${says}`), ...(health.some(({ state }) => state === 'ok') ? [`${health.filter(({ state }) => state === 'ok').length} of ${health.length} functions answered that they are well.`] : [])].join('\n\n');

interface Planning {
  readonly installation: Installation;
  readonly root: string;
  readonly options: InstallationOptions;
}

/** The steps of functions as they are bundled in the workspace. */
export async function planFunctions(names: readonly FunctionName[], { installation, root, options }: Planning): Promise<readonly Step[]> {
  const commit = (commitOf(root) ?? 'unknown').replace('+', '-changed');
  say(options, 'reading the packages of the bundles');
  const locks = await openLockFiles();
  const bundles: (readonly [FunctionName, Bundle])[] = [];
  for (const name of names) bundles.push([name, stageBundle(name, { root, commit, locks })]);
  sayNoMore(options);
  return bundles.flatMap(([name, bundle]) => planDeployment({ name, asksSources: askingFunctions.has(name) }, bundle, installation));
}
