import { PipelineError } from '@handoff/contracts';
import { failed, look, type Cloud, type Finding } from './look.ts';
import type { Command, Step } from './step.ts';

/** What became of a step. */
export interface Applied {
  readonly step: Step;
  /**
   * | outcome | |
   * |---|---|
   * | unchanged | it was as wanted |
   * | created, updated | and is now as wanted |
   * | for-people | nothing of ours makes it so: `byHand` says what to do |
   * | failed | a command did not end well, or it did and what is there is not as wanted |
   * | remaining | not tried, since one before it failed |
   */
  readonly outcome: 'unchanged' | 'created' | 'updated' | 'for-people' | 'failed' | 'remaining';
  /** Of a failed one: why. */
  readonly problem?: string;
}

/** The commands that bring a step to what is wanted; none where it is, or where people have to. */
export function commandsOf(finding: Finding): readonly Command[] {
  if (finding.state === 'there') return [];
  if (finding.state === 'absent') return finding.step.create;
  const { step, name } = finding;
  return step.update.map((command) => ({ ...command, argv: named(command.argv, name ?? '') }));
}

const named = ([program, ...args]: Command['argv'], name: string): Command['argv'] => [program, ...args.map((arg) => arg.replaceAll('{name}', name))];

/**
 * Brings every step to what is wanted, in order, and looks again whether it is. Stops at the first that fails: what
 * comes after may need it. Can be repeated: what is as wanted is not touched.
 *
 * @param progress - called before each step that is changed.
 */
export async function apply(findings: readonly Finding[], cloud: Cloud, progress: (step: Step) => void = () => undefined): Promise<readonly Applied[]> {
  const applied: Applied[] = [];
  for (const finding of findings) {
    const isStopped = applied.at(-1)?.outcome === 'failed' || applied.at(-1)?.outcome === 'remaining';
    applied.push(isStopped ? { step: finding.step, outcome: 'remaining' } : await applyOne(finding, cloud, progress));
  }
  return seenAgain(applied, cloud);
}

async function applyOne(finding: Finding, { execute }: Cloud, progress: (step: Step) => void): Promise<Applied> {
  const { step, state } = finding;
  if (state === 'there') return { step, outcome: 'unchanged' };
  const commands = commandsOf(finding);
  if (commands.length === 0) return { step, outcome: 'for-people' };
  progress(step);
  for (const command of commands) {
    const ran = await execute(command);
    if (ran.exitCode !== 0) return { step, outcome: 'failed', problem: failed(command, ran).message };
  }
  return { step, outcome: state === 'absent' ? 'created' : 'updated' };
}

const isChanged = ({ outcome }: Applied): boolean => outcome === 'created' || outcome === 'updated';

/** A command that ends well and leaves something else than was wanted would be found by nobody. */
async function seenAgain(applied: readonly Applied[], cloud: Cloud): Promise<readonly Applied[]> {
  const changed = applied.filter(isChanged);
  if (changed.length === 0) return applied;
  try {
    const unlike = new Map((await look(changed.map(({ step }) => step), cloud)).findings.filter(({ state }) => state !== 'there').map((finding) => [finding.step, finding]));
    return applied.map((one) => {
      const finding = isChanged(one) ? unlike.get(one.step) : undefined;
      if (finding === undefined) return one;
      return one.step.isSlow === true ? { ...one, problem: 'it does not show yet: the service takes a while' } : { step: one.step, outcome: 'failed', problem: stillUnlike(finding) };
    });
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return applied.map((one) => (isChanged(one) ? { ...one, problem: `it was not seen afterwards: ${error.message}` } : one));
  }
}

function stillUnlike(finding: Finding): string {
  const where = finding.state === 'different' ? ` in ${finding.differences.map(({ path, wanted }) => path || JSON.stringify(wanted)).join(', ')}` : '';
  return `its commands ended well, and it is ${finding.state} still${where}`;
}
