import { commandsOf } from './apply.ts';
import type { Finding } from './look.ts';
import { linesOf } from './step.ts';

/** What brings findings to what is wanted, as a shell script that stops at the first command that fails. What people have to do is a comment in its place. */
export function scriptOf(findings: readonly Finding[]): string {
  const blocks = findings.map((finding) => [`# ${finding.step.part}: ${finding.step.name}`, ...linesOfFinding(finding)].join('\n'));
  return `#!/bin/sh\nset -eu\n\n${blocks.join('\n\n')}\n`;
}

function linesOfFinding(finding: Finding): readonly string[] {
  const commands = commandsOf(finding);
  return commands.length === 0 ? [`# for people: ${whatToDo(finding)}`] : commands.flatMap(linesOf);
}

/** What people have to do about a step that nothing of ours brings to what is wanted. */
export const whatToDo = ({ step }: Pick<Finding, 'step'>): string => step.byHand ?? 'It cannot be changed in place: handoff drift shows how it differs.';
