// `nx g processor <table>`: an output of phase 3 or 4, made with its identity only until its spec is filled in.
import { writeSchemas } from './derived-files.mjs';
import { kebab, pascal, quoted, requireSnake, title } from './naming.mjs';
import { derivedRowText, processorSpec, processorTransform } from './processor-files.mjs';
import { edit, SourceEdit, stringProperty, textOf } from './source-edit.mjs';

const files = { outputs: 'libs/catalogue/src/outputs.ts', tables: 'libs/catalogue/src/tables.ts', contracts: 'libs/contracts/src/index.ts' };

/** Where the outputs of a phase and flow are made. A pair that is not here is not run by processors. */
const places = {
  'phase3/postgame': { dataset: 'nba_analytics', lib: 'analytics', rows: 'analytics', maker: 'make-game-summaries', due: 'recovered' },
  'phase3/pregame': { dataset: 'nba_analytics', lib: 'analytics', rows: 'analytics', maker: 'make-upcoming-context', due: 'pregame' },
  'phase4/pregame': { dataset: 'nba_precompute', lib: 'scoring', rows: 'features', maker: 'make-features', due: 'pregame' },
};

export function processorGenerator(tree, options) {
  const plan = planOf(tree, options);
  writeContracts(tree, plan);
  writeCatalogue(tree, plan);
  tree.write(`libs/${plan.lib}/src/${plan.file}.ts`, processorTransform(plan));
  tree.write(`libs/${plan.lib}/src/${plan.file}.spec.ts`, processorSpec(plan));
  edit(tree, `libs/${plan.lib}/src/index.ts`, (file) => {
    file.exportNamed(`./${plan.file}.ts`, `${plan.transform}, type ${plan.content}, type ${plan.input}`);
  });
  edit(tree, `libs/flows/run-processors/src/${plan.maker}.ts`, (file) => {
    file.appendToMap(`[${quoted(plan.table)}, { rows: trigger.runs.flatMap(({ gameDate, games }) => ${plan.transform}({ gameDate, games })) }]`);
    file.importNamed(`@handoff/${plan.lib}`, plan.transform);
  });
  return () => { writeSchemas(tree.root); };
}

function planOf(tree, options) {
  const { name, phase = 'phase3', scope = 'game', need = 'required' } = options;
  const flow = options.flow ?? (phase === 'phase3' ? 'postgame' : 'pregame');
  requireSnake('processor', name);
  const place = places[`${phase}/${flow}`];
  if (place === undefined) throw new Error(`${phase} makes nothing ${flow}: choose one of ${Object.keys(places).join(', ')}`);
  const table = `${place.dataset}.${name}`;
  const file = kebab(name);
  const isKnown = new SourceEdit(tree, files.tables).membersOf('entries').some((member) => textOf(member.name)?.split('.')[1] === name);
  if (isKnown || tree.exists(`libs/${place.lib}/src/${file}.ts`)) throw new Error(`there is a processor ${name} already (${table}): choose another name`);
  return {
    ...place, name, phase, flow, scope, need, table, file,
    recovery: options.recovery ?? (flow === 'postgame' ? 'convergent' : 'time-bound'),
    description: options.description ?? `${title(name)}: say what one row is.`,
    row: `${pascal(name)}Row`, content: pascal(name), input: `${pascal(name)}Input`, transform: `make${pascal(name)}`,
  };
}

function writeContracts(tree, { rows, row, table, description, scope }) {
  edit(tree, `libs/contracts/src/rows/${rows}.ts`, (file) => { file.appendText(derivedRowText({ row, table, description, scope })); });
  edit(tree, files.contracts, (file) => { file.exportNamed(`./rows/${rows}.ts`, row); });
}

function writeCatalogue(tree, { table, dataset, description, row, scope, phase, flow, need, recovery, due }) {
  edit(tree, files.tables, (file) => {
    const key = scope === 'game' ? "['game_date', 'nba_game_id']" : "['game_date']";
    const text = `${quoted(table)}: {\n    description: ${quoted(description)},\n    row: ${row}, key: ${key}, partition: 'game_date', partitionFilterRequired: true,\n  }`;
    file.append('entries', text, (member) => textOf(member.name)?.startsWith(`${dataset}.`));
    file.importNamed('@handoff/contracts', row);
  });
  edit(tree, files.outputs, (file) => {
    const text = `{ name: ${quoted(table)}, phase: ${quoted(phase)}, flow: ${quoted(flow)}, scope: ${quoted(scope)}, need: ${quoted(need)}, recovery: ${quoted(recovery)}, due: ${due} }`;
    file.append('outputs', text, (member) => stringProperty(member, 'phase') === phase && stringProperty(member, 'flow') === flow);
  });
}
