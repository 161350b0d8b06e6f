import { whatToDo, type Applied } from '@handoff/deploy';
import pc from 'picocolors';
import { countsByPart, describeCounts } from '../installation-command.ts';
import { table } from './table.ts';

/** What became of steps, for people: how many of each part, then what failed, what remains, and what is theirs to do. */
export function renderApplied(applied: readonly Applied[]): string {
  const rows = countsByPart(applied, ({ step }) => step.part, ({ outcome }) => outcome).map(([part, counts]) => [part, describeCounts(counts)]);
  const failed = applied.filter(({ outcome }) => outcome === 'failed');
  const unseen = applied.filter(({ outcome, problem }) => outcome !== 'failed' && problem !== undefined);
  const remaining = applied.filter(({ outcome }) => outcome === 'remaining');
  const forPeople = applied.filter(({ outcome }) => outcome === 'for-people');
  return [
    table(['part', 'what became of it'], rows),
    ...[...failed, ...unseen].map(({ step, outcome, problem }) => `${outcome === 'failed' ? pc.red('failed') : pc.yellow('not seen')} ${step.name}\n${problem ?? ''}`),
    ...(remaining.length === 0 ? [] : [`${remaining.length} steps remain, from ${remaining[0]?.step.name ?? ''} on: say the same again when this is mended.`]),
    ...(forPeople.length === 0 ? [] : [`${pc.yellow('for people')}\n${table(['what', 'to do'], forPeople.map(({ step }) => [step.name, whatToDo({ step })]))}`]),
  ].join('\n\n');
}
