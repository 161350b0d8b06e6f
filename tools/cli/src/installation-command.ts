import { functionNames, type FunctionName } from '@handoff/catalogue';
import { commandsOf, look, parts, readInstallation, runProgram, scriptOf, whatToDo, type Applied, type Cloud, type Finding, type Installation, type Looked, type Part, type Step } from '@handoff/deploy';
import { hostableFunctions } from '@handoff/local';
import { Option, type Command } from 'commander';
import pc from 'picocolors';
import { exitCodes } from './exit-codes.ts';

/** What every command has that reaches an installation through Google's own tools. */
export interface InstallationOptions {
  readonly installation: string;
  readonly json?: true;
}

export const withInstallationOptions = (command: Command): Command =>
  command
    .addOption(new Option('--installation <file>', 'which installation: docs/guides/deploy.md says what is in the file').default('installation.json').env('HANDOFF_INSTALLATION'))
    .option('--json', 'one JSON object and nothing else');

/** The functions that are given the keys of sources. */
export const askingFunctions: ReadonlySet<FunctionName> = new Set(functionNames.filter((name) => hostableFunctions.some((hostable) => hostable.name === name && hostable.asksSources === true)));

/** Progress of what takes long, on a terminal alone. */
export const say = ({ json }: Pick<InstallationOptions, 'json'>, text: string): void => {
  if (json !== true && process.stderr.isTTY) process.stderr.write(`\r\u001B[K${pc.dim(text)}`);
};

export const sayNoMore = (options: Pick<InstallationOptions, 'json'>): void => { say(options, ''); };

/** Reads an installation's file, and says on a terminal which it is: what is done next is done to it. */
export function installationOf(options: InstallationOptions): Installation {
  const installation = readInstallation(options.installation);
  if (options.json !== true) process.stderr.write(`${installation.environment}: project ${installation.project}, ${installation.region}\n`);
  return installation;
}

/** An installation, reached by Google's tools with the credentials of whoever calls them. */
export const cloudOf = ({ project, projectNumber }: Installation): Cloud => ({ execute: (command) => runProgram(command), project, projectNumber });

/** How every step stands, seen through Google's tools with the credentials of whoever calls them. */
export async function lookAt(steps: readonly Step[], cloud: Cloud, options: InstallationOptions): Promise<Looked> {
  try {
    return await look(steps, cloud, (done, of) => { say(options, `looking: ${done} of ${of}`); });
  } finally {
    sayNoMore(options);
  }
}

/** How many steps of each part there are, by what is said of them. */
export function countsByPart<Item>(items: readonly Item[], partOf: (item: Item) => Part, wordOf: (item: Item) => string): readonly (readonly [part: Part, counts: Readonly<Record<string, number>>])[] {
  return parts.flatMap((part) => {
    const words = items.filter((item) => partOf(item) === part).map(wordOf);
    if (words.length === 0) return [];
    const counts: Record<string, number> = {};
    for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
    return [[part, counts] as const];
  });
}

export const describeCounts = (counts: Readonly<Record<string, number>>): string => Object.entries(counts).map(([word, count]) => `${count} ${word}`).join(', ');

/** What became of steps, as a machine reads it: those that were as wanted are only counted. */
export const appliedJson = (applied: readonly Applied[]) => ({
  unchanged: applied.filter(({ outcome }) => outcome === 'unchanged').length,
  steps: applied.filter(({ outcome }) => outcome !== 'unchanged').map(({ step, outcome, problem }) => ({ part: step.part, name: step.name, outcome, ...(problem === undefined ? {} : { problem }), ...(outcome === 'for-people' ? { byHand: whatToDo({ step }) } : {}) })),
});

/** What would be run, for `--dry-run`: a script for people, the same commands as lists for machines. */
export function showPlan(findings: readonly Finding[], { json }: InstallationOptions, schema: string): number {
  const changes = findings.filter(({ state }) => state !== 'there');
  if (json === true) {
    const steps = changes.map((finding) => ({ part: finding.step.part, name: finding.step.name, state: finding.state, commands: commandsOf(finding) }));
    process.stdout.write(`${JSON.stringify({ schema, dryRun: true, unchanged: findings.length - changes.length, steps })}\n`);
  } else process.stdout.write(changes.length === 0 ? '# Everything is as it should be.\n' : scriptOf(changes));
  return exitCodes.ok;
}

/** 2 where a step failed, 1 where something is left to people or was not seen afterwards, else 0. */
export function appliedExit(applied: readonly Applied[]): number {
  if (applied.some(({ outcome }) => outcome === 'failed')) return exitCodes.error;
  return applied.some(({ outcome, problem }) => outcome === 'for-people' || problem !== undefined) ? exitCodes.warning : exitCodes.ok;
}
