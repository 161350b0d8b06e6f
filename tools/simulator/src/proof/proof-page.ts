import { basename } from 'node:path';
import type { ScenarioRunsReport } from '../kept/scenario-lanes.ts';
import type { RandomRunsReport } from '../random/random-runs.ts';

export interface Proof {
  readonly scenarios: ScenarioRunsReport['runs'];
  /** Every fault of the table on a day of its own; absent where that was not tried. */
  readonly singleFaults?: ScenarioRunsReport;
  /** Runs of drawn scenarios, each a range of seeds. */
  readonly drawn: readonly RandomRunsReport[];
}

/** docs/proof.md: what the simulator has shown, each line with the command that shows it again. */
export const proofPage = ({ scenarios, singleFaults, drawn }: Proof): string => `# What the simulator has shown

Written by \`npm run proof\` from runs, never by hand. Each line is shown again by

\`\`\`sh
npx handoff simulate --scenario tools/simulator/scenarios/<scenario>.json
\`\`\`

Detected after: minutes from the first strike to the first alert that speaks of it; none where it was repaired before anybody had to know. Healed after: minutes from the first strike until the fault, the incident about it and every gap that was opened since were over, with every convergent output as in a clean run; none where people have to mend something. What was only worth something before tip-off may be MISSED for good: the run's coverage shows it. Of the invariants those are counted that the run could be judged by: what struck to its very end leaves no time to heal.

| what goes wrong | scenario | strikes | detected after (min) | healed after (min) | healed by | invariants held |
|---|---|---|---|---|---|---|
${scenarios.map(lineOf).join('\n')}

## Every fault by itself

${singleFaults === undefined ? 'Not tried for this page.' : eachAlone(singleFaults)}

## Drawn scenarios

${drawn.length === 0 ? 'None have been run for this page.' : joined(drawn).map(rangeOf).join('\n\n')}
`;

function lineOf({ file, report }: ScenarioRunsReport['runs'][number]): string {
  const name = basename(file, '.json');
  const strikes = report.faults.reduce((sum, { fired }) => sum + fired, 0);
  const judged = report.invariants.filter(({ notJudged }) => notJudged === undefined);
  const held = judged.filter((invariant) => invariant.held).length;
  const detected = distinct(report.incidents.map(({ detectionMinutes }) => detectionMinutes ?? 'none'));
  const healed = distinct(report.incidents.map(({ openedAt, resolvedAt }) => (resolvedAt === null ? 'none' : Math.round((Date.parse(resolvedAt) - Date.parse(openedAt)) / 60_000))));
  const healers = distinct(report.incidents.map(({ healedBy }) => healedBy));
  return `| ${report.scenario.name} | [${name}](../tools/simulator/scenarios/${name}.json) | ${strikes} | ${detected} | ${healed} | ${healers} | ${held} of ${judged.length} |`;
}

function eachAlone({ runs }: ScenarioRunsReport): string {
  const failed = runs.filter(({ report }) => !report.ok).map(({ report }) => report.scenario.name);
  return `${runs.length} days, each with one fault of the simulator's tables: ${runs.length - failed.length} held every invariant while it struck${failed.length === 0 ? '.' : `; not so ${failed.join(', ')}.`}

\`\`\`sh
npx handoff simulate --every-fault
\`\`\``;
}

const distinct = (values: readonly (number | string)[]): string => [...new Set(values)].join(', ');

/** Ranges of seeds as one where the next begins with the seed at which the one before ended: long searches are made in pieces. */
function joined(drawn: readonly RandomRunsReport[]): readonly RandomRunsReport[] {
  const inOrder = drawn.toSorted((left, right) => left.days - right.days || left.profile.localeCompare(right.profile) || (left.commit ?? '').localeCompare(right.commit ?? '') || firstSeedOf(left) - firstSeedOf(right));
  return inOrder.reduce<readonly RandomRunsReport[]>((ranges, next) => {
    const last = ranges.at(-1);
    if (last?.days !== next.days || last.profile !== next.profile || last.commit !== next.commit || last.nextSeed !== firstSeedOf(next)) return [...ranges, next];
    return [...ranges.slice(0, -1), { ...next, ok: last.ok && next.ok, runs: [...last.runs, ...next.runs] }];
  }, []);
}

const firstSeedOf = ({ runs, nextSeed }: RandomRunsReport): number => runs[0]?.seed ?? nextSeed;

function rangeOf({ profile, days, runs, nextSeed, commit }: RandomRunsReport): string {
  const failed = runs.filter(({ ok }) => !ok);
  const first = runs[0]?.seed ?? 0;
  const strikes = runs.reduce((sum, { faults }) => sum + faults.reduce((all, { fired }) => all + fired, 0), 0);
  const held = runs.length - failed.length;
  return `${runs.length === 1 ? 'One run' : `${runs.length} runs`} of ${days} days with the ${profile} profile, ${runs.length === 1 ? `seed ${first}` : `seeds ${first} to ${nextSeed - 1}`}${commit === undefined ? '' : `, on commit ${commit}`}: ${strikes} strikes, ${failed.length === 0 ? 'every invariant held.' : `every invariant held in ${held} of ${runs.length}; ${failed.map(({ seed, violated }) => `seed ${seed} violated ${violated.join(', ')}`).join('; ')}.`}

\`\`\`sh
npx handoff simulate --seed ${first} --days ${days} --faults ${profile} --runs ${runs.length}
\`\`\``;
}
