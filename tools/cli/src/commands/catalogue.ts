import {
  alertChannels, alertCodes, exportNames, functionNames, isSourceEnabled, jobs, outputs, scrapers, sources, subscriptions, tables, topics, transitions, triggersOf, workflows,
} from '@handoff/catalogue';
import { Sport } from '@handoff/contracts';
import { Command } from 'commander';
import { exitCodes, usageError } from '../exit-codes.ts';
import { table } from '../render/table.ts';

interface ListOptions {
  readonly json?: true;
  readonly source?: string;
}

/** `handoff catalogue list`: what the pipeline is made of; everything else derives from it. */
export function catalogueCommand(finish: (exitCode: number) => void): Command {
  const command = new Command('catalogue').description('What the pipeline is made of.');
  command
    .command('list')
    .description('Lists sources, scrapers, outputs, phases, transitions, functions, topics and jobs.')
    .option('--source <id>', 'only this source and what hangs on it')
    .option('--json', 'one JSON object and nothing else')
    .action((options: ListOptions) => {
      const listed = listCatalogue(options.source);
      process.stdout.write(options.json === true ? `${JSON.stringify(listed)}\n` : `${render(listed)}\n`);
      finish(exitCodes.ok);
    });
  return command;
}

function listCatalogue(source: string | undefined) {
  if (source !== undefined && !sources.some(({ id }) => id === source)) {
    throw usageError('source-unknown', `there is no source ${source}: choose one of ${sources.map(({ id }) => id).join(', ')}`);
  }
  const isWanted = (id: string): boolean => source === undefined || id === source;
  const listedScrapers = scrapers.filter((scraper) => isWanted(scraper.source));
  const loaded = new Set<string>(listedScrapers.map(({ loads }) => loads));
  return {
    schema: 'handoff.catalogue/1' as const,
    sports: Sport.options,
    sources: sources.filter(({ id }) => isWanted(id)),
    scrapers: listedScrapers,
    workflows: workflows.filter((workflow) => workflow.scrapers.some((name) => listedScrapers.some((scraper) => scraper.name === name))),
    outputs: outputs.filter((output) => source === undefined || loaded.has(output.name)),
    ...(source === undefined ? infrastructure() : {}),
  };
}

function infrastructure() {
  return {
    transitions,
    functions: functionNames.map((name) => ({ name, ...triggersOf(name) })),
    topics,
    subscriptions,
    jobs,
    exports: Object.keys(exportNames),
    tables: tables.map(({ name, description, key, partition, cluster }) => ({ name, description, key, partition, cluster })),
    channels: alertChannels,
    alerts: alertCodes,
  };
}

function render(listed: ReturnType<typeof listCatalogue>): string {
  const sections = [
    section('Sources', ['id', 'title', 'enabled'], listed.sources.map((source) => [source.id, source.title, describeEnabled(source)])),
    section('Scrapers', ['name', 'source', 'stored under', 'loads'], listed.scrapers.map((scraper) => [scraper.name, scraper.source, scraper.storagePrefix, scraper.loads])),
    section('Workflows', ['name', 'rule', 'scrapers'], listed.workflows.map((workflow) => [workflow.name, workflow.rule.kind, workflow.scrapers.join(', ')])),
    section('Outputs', ['name', 'phase', 'flow', 'per', 'need', 'recovery'], listed.outputs.map((output) => [output.name, output.phase, output.flow, output.scope, output.need, output.recovery])),
    ...('functions' in listed ? [section('Functions', ['name', 'subscriptions', 'scheduled'], (listed.functions ?? []).map((fn) => [fn.name, shownSubscriptions(fn.subscriptions), fn.isScheduled ? 'yes' : '']))] : []),
  ];
  return sections.join('\n\n');
}

/** Of many, how many: the function that takes all dead letters has one for every other subscription. */
const shownSubscriptions = (names: readonly string[]): string => (names.length > 5 ? `${names.length} subscriptions` : names.join('\n'));

const describeEnabled = (source: (typeof sources)[number]): string => {
  const [period] = source.enabled;
  if (period === undefined) return `no: ${'note' in source ? source.note : ''}`;
  return isSourceEnabled(source, '9999-12-31') ? `since ${period.from}` : `from ${period.from}`;
};

const section = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): string => `${title} (${rows.length})\n${table(head, rows)}`;
