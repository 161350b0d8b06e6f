import { functionNames } from '@handoff/catalogue';
import { planProvisioning, type Difference, type Finding, type Json, type Looked } from '@handoff/deploy';
import { Command } from 'commander';
import pc from 'picocolors';
import { exitCodes } from '../exit-codes.ts';
import { askingFunctions, cloudOf, countsByPart, describeCounts, installationOf, lookAt, withInstallationOptions, type InstallationOptions } from '../installation-command.ts';
import type { CommandSetting } from '../main.ts';
import { table } from '../render/table.ts';
import { show } from '../system-command.ts';
import { planFunctions } from './deploy.ts';

/** `handoff drift`: compares what is there with the repository. Changes nothing. */
export function driftCommand(setting: CommandSetting, finish: (exitCode: number) => void): Command {
  return withInstallationOptions(new Command('drift').description('Compares an installation with the repository: what is missing, what differs, what is there besides.'))
    .option('--no-functions', 'without the functions, which have to be bundled to be compared (nx drift bundles first)')
    .action(async (options: InstallationOptions & { readonly functions: boolean }) => { finish(await drift(options, setting)); });
}

async function drift(options: InstallationOptions & { readonly functions: boolean }, { root }: CommandSetting): Promise<number> {
  const installation = installationOf(options);
  const functions = options.functions ? await planFunctions(functionNames, { installation, root, options }) : [];
  const looked = await lookAt([...planProvisioning(installation, askingFunctions), ...functions], cloudOf(installation), options);
  show(options, { schema: 'handoff.drift/1', environment: installation.environment, project: installation.project, ...driftJson(looked) }, () => render(looked));
  return driftExit(looked);
}

/** 2 where something is missing or different, 1 where there is only something besides, else 0. */
export function driftExit({ findings, strangers }: Looked): number {
  if (findings.some(({ state }) => state !== 'there')) return exitCodes.error;
  return strangers.length > 0 ? exitCodes.warning : exitCodes.ok;
}

const driftJson = ({ findings, strangers }: Looked) => ({
  asWanted: findings.filter(({ state }) => state === 'there').length,
  absent: findings.filter(({ state }) => state === 'absent').map(({ step: { part, name } }) => ({ part, name })),
  different: findings.flatMap((finding) => (finding.state === 'different' ? [{ part: finding.step.part, name: finding.step.name, differences: finding.differences.map(({ path, found, wanted }) => ({ path, found: found ?? null, wanted })) }] : [])),
  strangers,
});

const words: Readonly<Record<Finding['state'], string>> = { there: 'as wanted', absent: 'missing', different: 'different' };

function render({ findings, strangers }: Looked): string {
  const counts = countsByPart(findings, ({ step }) => step.part, ({ state }) => words[state]).map(([part, counted]) => [part, describeCounts(counted)]);
  const rows = findings.flatMap((finding) => rowsOf(finding));
  return [
    table(['part', 'how it stands'], counts),
    ...(rows.length === 0 ? [pc.green('What is there is what the repository says.')] : [table(['what', 'where', 'is', 'should be'], rows)]),
    ...(strangers.length === 0 ? [] : [`${pc.yellow('there, and not of the repository')}\n${table(['part', 'name'], strangers.map(({ part, name }) => [part, name]))}`]),
  ].join('\n\n');
}

function rowsOf(finding: Finding): readonly (readonly string[])[] {
  if (finding.state === 'there') return [];
  if (finding.state === 'absent') return [[finding.step.name, '', pc.red('missing'), '']];
  return finding.differences.map(({ path, found, wanted }: Difference) => [finding.step.name, path, found === undefined ? 'nothing' : shown(found), shown(wanted)]);
}

const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
