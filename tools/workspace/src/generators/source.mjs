// `nx g source <id>`: everything that one source needs between its API and its raw table, not enabled yet.
import { writeSchemas } from './derived-files.mjs';
import { edit, SourceEdit, stringProperty, textOf } from './source-edit.mjs';
import { camel, kebab, pascal, quoted, requireKebab, requireSnake, snake, title } from './naming.mjs';
import { payloadSpec, payloadTransform, rawRowText } from './source-files.mjs';

const files = {
  sources: 'libs/catalogue/src/sources.ts',
  scrapers: 'libs/catalogue/src/scrapers.ts',
  tables: 'libs/catalogue/src/tables.ts',
  outputs: 'libs/catalogue/src/outputs.ts',
  rows: 'libs/contracts/src/rows/raw.ts',
  contracts: 'libs/contracts/src/index.ts',
  endpoints: 'libs/flows/scrape-source/src/endpoints.ts',
  transforms: 'libs/payloads/src/transforms.ts',
  anyAnswer: 'libs/payloads/src/any-answer.spec.ts',
};

export function sourceGenerator(tree, options) {
  const plan = planOf(tree, options);
  writeRow(tree, plan);
  writeCatalogue(tree, plan);
  edit(tree, files.endpoints, (file) => { file.append('endpoints', `${plan.scraper}: ({ gameDate }) => ({ path: '/name-the-path', query: { date: gameDate } })`); });
  tree.write(`libs/payloads/src/${plan.file}.ts`, payloadTransform(plan));
  tree.write(`libs/payloads/src/${plan.file}.spec.ts`, payloadSpec(plan));
  edit(tree, files.transforms, (file) => {
    file.importNamed(`./${plan.file}.ts`, plan.transform);
    file.append('transforms', plan.transform);
  });
  // The property test over all transforms breaks a valid answer of each: this one's smallest.
  edit(tree, files.anyAnswer, (file) => { file.append('valid', `${plan.scraper}: { data: [] }`); });
  return () => { writeSchemas(tree.root); };
}

function planOf(tree, options) {
  const { name, flow = 'postgame', scope = 'game', need = 'soft', unit = 'date' } = options;
  const scraper = options.scraper ?? snake(name);
  requireKebab('source', name);
  requireSnake('scraper', scraper);
  refuseKnown(tree, name, scraper);
  const reused = options.row === undefined ? undefined : tableOfRow(tree, options.row);
  return {
    name, scraper, flow, scope, need, unit, reused,
    title: options.title ?? title(name),
    baseUrl: options.baseUrl ?? `https://${name}.invalid`,
    row: options.row ?? `${pascal(scraper)}Row`,
    table: `nba_raw.${scraper}`,
    file: kebab(scraper),
    transform: camel(scraper),
  };
}

function refuseKnown(tree, name, scraper) {
  const has = (path, list, key, value) => new SourceEdit(tree, path).membersOf(list).some((member) => stringProperty(member, key) === value);
  if (has(files.sources, 'sources', 'id', name)) throw new Error(`there is a source ${name} already: choose another id, or add a scraper to it by hand (docs/guides/add-a-source.md)`);
  if (has(files.scrapers, 'scrapers', 'name', scraper)) throw new Error(`there is a scraper ${scraper} already: name another one with --scraper`);
  if (tree.exists(`libs/payloads/src/${kebab(scraper)}.ts`)) throw new Error(`there is a libs/payloads/src/${kebab(scraper)}.ts already: name another scraper with --scraper`);
}

/** Key, partition and clusters of the first table that has this row; a row that no table has is refused. */
function tableOfRow(tree, row) {
  const entry = new SourceEdit(tree, files.tables).membersOf('entries').find((member) => textOf(member.name)?.startsWith('nba_raw.') && stringProperty(member.initializer, 'row') === row);
  if (entry === undefined) throw new Error(`no raw table has rows of ${row}: name one of libs/contracts/src/rows/raw.ts, or leave --row out`);
  const properties = entry.initializer.properties.filter((property) => !['row', 'description'].includes(textOf(property.name)));
  return properties.map((property) => property.getText()).join(', ');
}

function writeRow(tree, { reused, row, table }) {
  if (reused !== undefined) return;
  edit(tree, files.rows, (file) => { file.appendText(rawRowText(row, table)); });
  edit(tree, files.contracts, (file) => { file.exportNamed('./rows/raw.ts', row); });
}

function writeCatalogue(tree, plan) {
  const { name, scraper, flow, scope, need, unit, reused, row, table } = plan;
  edit(tree, files.sources, (file) => {
    file.append('sources', `{ id: ${quoted(name)}, title: ${quoted(plan.title)}, baseUrl: ${quoted(plan.baseUrl)}, enabled: [], note: 'no captured answer yet' }`);
  });
  edit(tree, files.scrapers, (file) => {
    const replaces = scope === 'game' ? 'games' : 'partition';
    file.append('scrapers', `{ name: ${quoted(scraper)}, source: ${quoted(name)}, storagePrefix: ${quoted(`${name}/${kebab(scraper)}`)}, loads: ${quoted(table)}, unit: ${quoted(unit)}, replaces: ${quoted(replaces)} }`);
  });
  edit(tree, files.tables, (file) => {
    const layout = reused ?? `key: ['game_date', ${scope === 'game' ? "'nba_game_id', " : ''}'player_lookup'], partition: 'game_date', cluster: ['player_lookup'], partitionFilterRequired: true`;
    file.append('entries', `${quoted(table)}: {\n    description: ${quoted(`${plan.title}: say what a row is.`)},\n    row: ${row}, ${layout},\n  }`, (member) => textOf(member.name)?.startsWith('nba_raw.'));
    if (reused === undefined) file.importNamed('@handoff/contracts', row);
  });
  edit(tree, files.outputs, (file) => {
    const [recovery, due] = flow === 'pregame' ? ['time-bound', 'morning'] : ['convergent', 'recovered'];
    const text = `{ name: ${quoted(table)}, phase: 'phase2', flow: ${quoted(flow)}, scope: ${quoted(scope)}, need: ${quoted(need)}, recovery: ${quoted(recovery)}, due: ${due} }`;
    file.append('outputs', text, (member) => stringProperty(member, 'phase') === 'phase2' && stringProperty(member, 'flow') === flow);
  });
}
