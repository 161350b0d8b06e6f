import type { RandomRun, RandomRunsReport } from '@handoff/simulator';
import pc from 'picocolors';

/** One run in a line: what was drawn, and how to replay it when it failed. */
export function describeRun({ seed, from, to, ok, faults, violated, scenarioFile }: RandomRun): string {
  const struck = faults.filter(({ fired }) => fired > 0).length;
  const facts = `seed ${seed}, ${from} to ${to}: ${struck} of ${faults.length} faults struck`;
  return ok ? `${facts}, ok` : `${facts}, ${violated.join(', ')}; replay with handoff simulate --scenario ${scenarioFile ?? ''}`;
}

export function renderSeeds({ ok, runs, profile, days, nextSeed }: RandomRunsReport): string {
  const failed = runs.filter((run) => !run.ok);
  return [
    `${runs.length} runs of ${days} days with the ${profile} profile, seeds ${runs[0]?.seed ?? ''} to ${nextSeed - 1}`,
    ...failed.map(describeRun),
    ok ? pc.green(`ok: go on with --seed ${nextSeed}`) : pc.red(`${failed.length} failed: go on with --seed ${nextSeed}`),
  ].join('\n');
}
