import { consequences } from '../invariants/alerts-of-run.ts';
import { invariants } from '../invariants/invariants.ts';
import { faultTable, type FaultRow } from '../scenario/fault-table.ts';
import { targetFamilies, targetsOf, writtenTargets } from '../scenario/targets.ts';

/** A part of a page that is generated, between two marks. */
export interface GeneratedPart {
  readonly path: string;
  readonly mark: string;
  readonly text: string;
}

/** The normative table and the legal names, as docs/simulator.md shows them. */
export const faultDocuments = (): readonly GeneratedPart[] => [
  { path: 'docs/simulator.md', mark: 'targets', text: targetList() },
  { path: 'docs/simulator.md', mark: 'faults', text: targetFamilies.map((family) => section(family)).join('\n\n') },
  { path: 'docs/simulator.md', mark: 'consequences', text: [...consequences].map((code) => `[${code}](runbooks/${code}.md)`).join(', ') },
  { path: 'docs/simulator.md', mark: 'invariants', text: ['| name | says |', '|---|---|', ...invariants.map(({ name, promise }) => `| \`${name}\` | ${promise} |`)].join('\n') },
];

const targetList = (): string => ['| target | names |', '|---|---|', ...targetFamilies.map((family) => `| ${writtenTargets(family)} | ${namesOf(family)} |`)].join('\n');

function namesOf(family: (typeof targetFamilies)[number]): string {
  const names = targetsOf(family).filter((target) => target !== family).map((target) => target.slice(family.length + 1));
  return names.length === 0 ? '' : names.join(', ');
}

const head = ['| kind | effect | parameters and what stands for an absent one | expected cause | alert due | budget (min) | recoverable |', '|---|---|---|---|---|---|---|'];

const section = (family: (typeof targetFamilies)[number]): string =>
  [`### ${writtenTargets(family)}`, '', ...head, ...faultTable.filter((row) => row.family === family).map(lineOf)].join('\n');

function lineOf({ kind, only, except, effect, parameters = {}, cause, otherCauses = [], alertWhen, alertBudgetMinutes, isRecoverable }: FaultRow): string {
  const named = (targets: readonly string[]): string => targets.map((target) => `\`${target}\``).join(', ');
  const narrowed = only === undefined ? (except === undefined ? '' : ` Not ${named(except)}.`) : ` Only ${named(only)}.`;
  const written = Object.entries(parameters).map(([name, meaning]) => `\`${name}\`: ${meaning}`).join('<br>');
  return `| \`${kind}\` | ${effect}${narrowed} | ${written} | ${cause === undefined ? 'what follows from it' : [cause, ...otherCauses].map((code) => `[${code}](runbooks/${code}.md)`).join(', ')} | ${alertWhen} | ${alertBudgetMinutes} | ${isRecoverable ? 'yes' : 'no'} |`;
}
