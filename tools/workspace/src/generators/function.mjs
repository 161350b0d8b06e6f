// `nx g function <name>`: a deployed function with its flow, its trigger in the catalogue and a failing test.
import { contractOfTopic } from './topic-contract.mjs';
import { appFiles, contractText, flowFiles } from './function-files.mjs';
import { camel, kebab, pascal, quoted, requireKebab, title } from './naming.mjs';
import { edit, isCallOf, SourceEdit, textOf } from './source-edit.mjs';
import { linkPackages, writePackage } from './workspace-package.mjs';

const files = {
  functions: 'libs/catalogue/src/functions.ts',
  jobs: 'libs/catalogue/src/jobs.ts',
  topics: 'libs/catalogue/src/topics.ts',
  messages: 'libs/contracts/src/messages.ts',
  contracts: 'libs/contracts/src/index.ts',
  hostable: 'tools/local/src/hostable-functions.ts',
};

/** The trigger of a function that is given none: it is called, and a replay sees it called. */
const hourly = '0 * * * *';

/** The forms whose interval the catalogue knows (libs/catalogue/src/monitoring.ts). */
const atLeastHourly = /^(\*|\*\/\d+|\d+)( \*){4}$/;

const quarterHour = /^([01]\d|2[0-3]):(00|15|30|45)$/;

export function functionGenerator(tree, options) {
  const plan = planOf(tree, options);
  const packages = [
    { root: `apps/${plan.name}`, name: `@handoff/${plan.name}`, entry: './src/definition.ts', tags: ['type:app', `scope:${plan.scope}`] },
    { root: `libs/flows/${plan.flow}`, name: `@handoff/flow-${plan.flow}`, entry: './src/index.ts', tags: ['type:flow', `scope:${plan.scope}`] },
  ];
  for (const one of packages) writePackage(tree, one);
  for (const [path, text] of [...appFiles(plan), ...flowFiles(plan)]) tree.write(path, text);
  writeCatalogue(tree, plan);
  if (plan.newContract) writeContract(tree, plan);
  writeHostable(tree, plan);
  return () => { linkPackages(tree.root, packages); };
}

function planOf(tree, options) {
  const { name, topic, due, scope = 'phase' } = options;
  if (due !== undefined && options.schedule !== undefined) throw new Error('a function has one job: say either --schedule or --due');
  if (options.schedule !== undefined && !atLeastHourly.test(options.schedule)) throw new Error(`--schedule "${options.schedule}" fires less often than hourly: what is due once a day gets --due 07:30`);
  if (due !== undefined && !quarterHour.test(due)) throw new Error(`--due ${due} is no quarter of an hour of the US Eastern day: say it as 07:30`);
  const job = due === undefined ? cronJob(options.schedule ?? (topic === undefined ? hourly : undefined)) : dueJob(due);
  const flow = options.flow ?? `run-${name}`;
  requireKebab('function', name);
  requireKebab('flow', flow);
  if (topic !== undefined) requireKebab('topic', topic);
  if (tree.exists(`apps/${name}`) || new SourceEdit(tree, files.functions).membersOf('functionNames').some((member) => textOf(member) === name)) {
    throw new Error(`there is a function ${name} already: choose another name, or remove apps/${name} and its catalogue entries first`);
  }
  if (tree.exists(`libs/flows/${flow}`)) throw new Error(`there is a flow ${flow} already: name another one with --flow`);
  const known = topic === undefined ? undefined : contractOfTopic(tree, topic);
  const contract = topic === undefined ? undefined : (known ?? pascal(topic));
  return { name, flow, job, scope, topic, contract, newContract: topic !== undefined && known === undefined, flowName: camel(flow), description: options.description ?? `${title(name)}: say in one sentence what it does.` };
}

/** The job of a function: what the catalogue has of it, and how a reader is told of it. Undefined: none. */
const cronJob = (cron) => (cron === undefined ? undefined : { members: `cron: ${quoted(cron)}`, words: `\`${cron}\` (UTC)` });

function dueJob(due) {
  const [hour, minute] = due.split(':').map(Number);
  return { members: `...untilDone, dueTimes: [{ hour: ${hour}, minute: ${minute} }]`, words: `from ${due} US Eastern every 15 minutes until it is done` };
}

function writeCatalogue(tree, { name, job, topic, newContract, description }) {
  edit(tree, files.functions, (file) => { file.append('functionNames', quoted(name)); });
  if (job !== undefined) {
    edit(tree, files.jobs, (file) => { file.append('jobs', `{ name: ${quoted(name)}, ${job.members}, description: ${quoted(description)} }`); });
  }
  if (topic === undefined) return;
  edit(tree, files.topics, (file) => {
    if (newContract) file.append('topicNames', quoted(topic));
    file.append('subscriptions', `subscribe(${quoted(topic)}, ${quoted(name)})`, (member) => isCallOf(member, 'subscribe'));
  });
}

function writeContract(tree, { contract, topic }) {
  edit(tree, files.messages, (file) => { file.appendText(contractText(contract, topic)); });
  edit(tree, files.contracts, (file) => { file.exportNamed('./messages.ts', contract); });
}

function writeHostable(tree, { name }) {
  edit(tree, files.hostable, (file) => {
    file.importNamed(`@handoff/${kebab(name)}`, `definition as ${camel(name)}`);
    file.append('hostableFunctions', `hostable(${camel(name)})`);
  });
}
