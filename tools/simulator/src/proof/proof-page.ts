import type { RandomRunsReport } from '../random/random-runs.ts';
import type { SimulationReport } from '../report/report.ts';

/** A scenario that is kept, and what living through it showed. */
export interface ProvenScenario {
  /** Its file's name without the ending: the class of incidents comes first. */
  readonly file: string;
  readonly report: SimulationReport;
}

export interface Proof {
  readonly scenarios: readonly ProvenScenario[];
  /** Runs of drawn scenarios, where there were any. */
  readonly random: RandomRunsReport | undefined;
}

/** docs/proof.md: what the simulator has shown, each line with the command that shows it again. */
export const proofPage = ({ scenarios, random }: Proof): string => `# What the simulator has shown

Written by \`npm run proof\` from runs, never by hand. Each line is shown again by

\`\`\`sh
npx handoff simulate --scenario tools/simulator/scenarios/<scenario>.json
\`\`\`

Detected after: minutes from the first strike to the first alert that speaks of it; none where it was repaired before anybody had to know.

| what goes wrong | scenario | strikes | detected after (min) | healed by | invariants held |
|---|---|---|---|---|---|
${scenarios.map(lineOf).join('\n')}

## Drawn scenarios

${random === undefined ? 'None have been run for this page.' : drawn(random)}
`;

function lineOf({ file, report }: ProvenScenario): string {
  const strikes = report.faults.reduce((sum, { fired }) => sum + fired, 0);
  const held = report.invariants.filter((invariant) => invariant.held).length;
  const detected = [...new Set(report.incidents.map(({ detectionMinutes }) => detectionMinutes ?? 'none'))].join(', ');
  const healers = [...new Set(report.incidents.map(({ healedBy }) => healedBy))].join(', ');
  return `| ${report.scenario.name} | [${file}](../tools/simulator/scenarios/${file}.json) | ${strikes} | ${detected} | ${healers} | ${held} of ${report.invariants.length} |`;
}

function drawn({ profile, days, runs, nextSeed }: RandomRunsReport): string {
  const failed = runs.filter(({ ok }) => !ok);
  const first = runs[0]?.seed ?? 0;
  const strikes = runs.reduce((sum, { faults }) => sum + faults.reduce((all, { fired }) => all + fired, 0), 0);
  return `${runs.length} runs of ${days} days with the ${profile} profile, seeds ${first} to ${nextSeed - 1}: ${strikes} strikes, ${runs.length - failed.length} runs held every invariant${failed.length === 0 ? '.' : `; ${failed.map(({ seed, violated }) => `seed ${seed} violated ${violated.join(', ')}`).join('; ')}.`}

\`\`\`sh
npx handoff simulate --seed ${first} --days ${days} --faults ${profile} --runs ${runs.length}
\`\`\``;
}
