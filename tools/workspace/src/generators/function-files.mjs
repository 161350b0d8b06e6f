// What `nx g function` writes: the four files of an app, its flow and a spec that fails until both are filled in.
import { quoted } from './naming.mjs';

export function appFiles(plan) {
  const root = `apps/${plan.name}`;
  return [
    [`${root}/README.md`, readme(plan)],
    [`${root}/src/config.ts`, config],
    [`${root}/src/definition.ts`, definition(plan)],
    [`${root}/src/main.ts`, main],
  ];
}

export function flowFiles(plan) {
  const root = `libs/flows/${plan.flow}/src`;
  const scheduled = plan.job !== undefined && plan.topic !== undefined ? `, ${onScheduleName(plan)}` : '';
  return [
    [`${root}/index.ts`, `export { ${plan.flowName}${scheduled} } from './${plan.flow}.ts';\n`],
    [`${root}/${plan.flow}.ts`, flow(plan)],
    [`${root}/${plan.flow}.spec.ts`, spec(plan)],
  ];
}

/** The contract of a topic of its own. */
export const contractText = (contract, topic) => `
/** Published on ${topic}: say what it asks for, or what it tells. */
export const ${contract} = z.object({ ...common, requestId: Id, gameDate: GameDate });
export type ${contract} = z.infer<typeof ${contract}>;
`;

/** With a topic and a schedule the flow has two entries; with one trigger it has one. */
const onScheduleName = ({ flowName, topic }) => (topic === undefined ? flowName : `${flowName}OnSchedule`);

const readme = ({ name, description, topic, contract, job }) => [
  `# ${name}`, '', description, '', '| | |', '|---|---|',
  ...(topic === undefined ? [] : [`| takes | \`${topic}\` (${contract}) |`]),
  ...(job === undefined ? [] : [`| runs | ${job.words} |`]),
  '| writes | name its outputs here |', '',
].join('\n');

const config = `import { Sport } from '@handoff/contracts';
import { z } from 'zod';

/** The environment of this function. */
export const Config = z.object({ SPORT: Sport });
export type Config = z.infer<typeof Config>;
`;

const main = `import { composePorts } from '@handoff/composition/profile';
import { startFunction } from '@handoff/function-host';
import { definition } from './definition.ts';

await startFunction(definition, composePorts, process.env);
`;

function definition(plan) {
  const { name, flow, flowName, topic, contract, job } = plan;
  const entries = [...new Set([...(topic === undefined ? [] : [flowName]), ...(job === undefined ? [] : [onScheduleName(plan)])])];
  return [
    ...(topic === undefined ? [] : [`import { ${contract} } from '@handoff/contracts';`]),
    `import { ${entries.join(', ')} } from '@handoff/flow-${flow}';`,
    topic === undefined ? "import type { FunctionDefinition } from '@handoff/ports';" : "import { route, type FunctionDefinition } from '@handoff/ports';",
    "import { Config } from './config.ts';",
    '',
    'export const definition: FunctionDefinition<Config> = {',
    `  name: ${quoted(name)},`,
    '  config: Config,',
    `  routes: [${topic === undefined ? '' : `route(${quoted(topic)}, ${contract}, ${flowName})`}],`,
    ...(job === undefined ? [] : [`  onSchedule: (context) => ${onScheduleName(plan)}(context),`]),
    '};',
    '',
  ].join('\n');
}

function flow(plan) {
  const { flowName, topic, contract, job, description } = plan;
  const imports = topic === undefined ? [] : [`import type { ${contract} } from '@handoff/contracts';`];
  const taking = topic === undefined ? [] : [
    `/** ${description} */`,
    `export function ${flowName}(message: ${contract}, { correlationId }: FlowContext): Promise<FlowReport> {`,
    "  return Promise.resolve({ outcome: 'not-written', facts: { sport: message.sport, correlationId } });",
    '}',
  ];
  const scheduled = job === undefined ? [] : [
    `/** ${topic === undefined ? description : 'The same, when its job fires.'} */`,
    `export function ${onScheduleName(plan)}({ correlationId }: FlowContext): Promise<FlowReport> {`,
    "  return Promise.resolve({ outcome: 'not-written', facts: { correlationId } });",
    '}',
  ];
  const between = taking.length > 0 && scheduled.length > 0 ? [''] : [];
  return [...imports, "import type { FlowContext, FlowReport } from '@handoff/ports';", '', ...taking, ...between, ...scheduled, ''].join('\n');
}

function spec(plan) {
  const { name, flow: flowFile, flowName, topic, contract } = plan;
  const call = topic === undefined ? `${flowName}(context)` : `${flowName}(message, context)`;
  return [
    ...(topic === undefined ? [] : [`import type { ${contract} } from '@handoff/contracts';`]),
    "import type { FlowContext } from '@handoff/ports';",
    "import { expect, it } from 'vitest';",
    `import { ${flowName} } from './${flowFile}.ts';`,
    '',
    `it('does what the README of ${name} says', async () => {`,
    ...(topic === undefined ? [] : ['  // Fill in: a message as it arrives.', `  const message = {} as ${contract};`]),
    '  // Fill in: the ports that the flow touches, as embedded adapters or fakes that hold state.',
    "  const context = { correlationId: 'spec' } as FlowContext;",
    `  const report = await ${call};`,
    `  expect(report.outcome, 'write ${flowName} in ./${flowFile}.ts, then say here what it answers and what it leaves behind').not.toBe('not-written');`,
    '});',
    '',
  ].join('\n');
}
