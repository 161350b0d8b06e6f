import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hours, Phase } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alertCodes, boxScoreScrapers, completionTopics, dueTopic, exportCacheSeconds, exportNames, functionNames, intervalOf, isScraperEnabled, jobs, outputNamed, outputOf, outputs, outputsOf, scraperNamed, scraperOfPath, scrapers,
  sources, subscriptions, tableNamed, tables, topics, transitions, triggersOf, triggerTopics, workflows, type Output, type ScheduleJob, type Scraper, type Source,
} from './index.ts';

const repeated = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

it.each<readonly [string, readonly string[]]>([
  ['sources', sources.map(({ id }) => id)],
  ['scrapers', scrapers.map(({ name }) => name)],
  ['storage prefixes', scrapers.map(({ storagePrefix }) => storagePrefix)],
  ['tables', tables.map(({ name }) => name)],
  ['outputs', outputs.map(({ name }) => name)],
  ['workflows', workflows.map(({ name }) => name)],
  ['functions', functionNames],
  ['jobs', jobs.map(({ name }) => name)],
  ['topics', topics],
  ['subscriptions', subscriptions.map(({ name }) => name)],
  ['hand-offs', transitions.map(({ flow, to }) => `${flow}/${to}`)],
  ['alert codes', alertCodes.map(({ code }) => code)],
])('no two %s share a name', (_what, names) => {
  expect(repeated(names)).toEqual([]);
});

describe('topics and functions', () => {
  it('every transition listens where its phase announces, publishes to a topic, and hears when it is due', () => {
    for (const { app, from, to } of transitions) {
      const announced = from === 'phase1' ? 'phase1-scrapers-complete' : completionTopics[from];
      const heard = subscriptions.filter((subscription) => subscription.function === app).map(({ topic }) => topic);
      expect(heard).toEqual(expect.arrayContaining([announced, dueTopic(app)]));
      expect(topics).toContain(triggerTopics[to as keyof typeof triggerTopics]);
    }
  });

  it('a released phase run reaches a function: every trigger topic has a subscription', () => {
    for (const topic of Object.values(triggerTopics)) expect(subscriptions.filter((subscription) => subscription.topic === topic)).toHaveLength(1);
  });

  it('every subscription is of a topic and a function that exist, and is named after both', () => {
    for (const { name, topic, function: target, deliveriesMax, minBackoffSeconds, maxBackoffSeconds } of subscriptions) {
      expect(name).toBe(`${topic}--${target}`);
      expect(topics).toContain(topic);
      expect(functionNames).toContain(target);
      expect(deliveriesMax).toBeGreaterThanOrEqual(5);
      expect(minBackoffSeconds).toBeLessThanOrEqual(maxBackoffSeconds);
    }
  });

  it('every function is reached by a subscription or a job, and every job is a function', () => {
    for (const name of functionNames) expect({ name, isReached: triggersOf(name).isScheduled || triggersOf(name).subscriptions.length > 0 }).toEqual({ name, isReached: true });
    for (const { name } of jobs) expect(functionNames).toContain(name);
    for (const { app } of transitions) expect(functionNames).toContain(app);
  });

  it('every phase but the first announces on a topic of its own', () => {
    expect(Object.keys(completionTopics).toSorted()).toEqual(Phase.options.filter((phase) => phase !== 'phase1').toSorted());
    expect(repeated(Object.values(completionTopics))).toEqual([]);
  });
});

describe('jobs', () => {
  it.each(jobs)('$name fires at least hourly, so that it is seen within minutes whether it does', (job) => { expect(intervalOf(job)).toBeLessThanOrEqual(hours(1)); });

  it.each(jobs.flatMap((job: ScheduleJob) => (job.dueTimes ?? []).map((time) => ({ ...job, time }))))('$name fires at each time at which it is due, whatever the season', ({ time, ...job }) => {
    // New York is whole hours behind UTC, in winter and in summer.
    expect((time.hour * 60 + time.minute) % (intervalOf(job) / 60_000)).toBe(0);
    expect(job.cron).toMatch(/^(\*\/\d+|0) /);
  });

  it.each(['45 12 * * *', '*/90 * * * *', '*/7 * * * *', '0 * * * 1'])('that fire by %s are refused by name', (cron) => {
    expect(() => intervalOf({ name: 'self-heal', cron })).toThrow(`job self-heal fires less often than hourly, or not always after the same time: ${cron}`);
  });
});

describe('outputs', () => {
  it.each(outputs)('$name is a table or an export', (output: Output) => {
    if (output.name.startsWith('exports/')) expect(Object.keys(exportNames)).toContain(output.name.slice('exports/'.length));
    else expect(tableNamed(output.name).name).toBe(output.name);
  });

  it.each(outputs.filter(({ need, emptyWithout }) => need === 'alternative' || emptyWithout !== undefined))('$name stands in for, or depends on, an output of the same flow and scope', (output: Output) => {
    const other = outputNamed(output.alternativeOf ?? output.emptyWithout ?? '')!;
    // What is made of a slate may depend on any of its games.
    if (output.scope === 'game' || output.alternativeOf !== undefined) expect(other.scope).toBe(output.scope);
    if (output.alternativeOf !== undefined) expect(other).toMatchObject({ phase: output.phase, flow: output.flow, need: 'required' });
  });

  it('an alternative names what it stands in for, and nothing else does', () => {
    for (const { need, alternativeOf } of outputs) expect(alternativeOf !== undefined).toBe(need === 'alternative');
  });

  it('every phase that hands off has a required output to wait for', () => {
    for (const { from, flow } of transitions) expect(outputsOf(from, flow).filter(({ need }) => need === 'required').length).toBeGreaterThan(0);
  });

  it('every raw output is loaded by a scraper, asked today or not yet, and every scraper that loads, loads an output', () => {
    const loaded = new Set((scrapers as readonly Scraper[]).map(({ loads }) => loads).filter((table) => table !== 'skip'));
    expect([...loaded].toSorted()).toEqual(outputs.filter(({ phase }) => phase === 'phase2').map(({ name }) => name).toSorted());
  });

  it('every output can be observed per scope: a game id where there is one per game', () => {
    for (const { name, scope } of outputs.filter((output) => !output.name.startsWith('exports/'))) {
      if (scope === 'game') expect(tableNamed(name).columns.some((column) => column.name === 'nba_game_id' || column.name === 'game_id')).toBe(true);
    }
  });
});

describe('tables', () => {
  it.each(tables)('$name has a key without nullable columns, and a partition, that are columns of it', ({ columns, key, partition, cluster, business }) => {
    const required = columns.filter(({ mode }) => mode === 'REQUIRED').map(({ name }) => name);
    expect(required).toEqual(expect.arrayContaining([...key, partition]));
    expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining([...cluster, ...business]));
    expect(cluster.length).toBeLessThanOrEqual(4);
  });

  it('an unknown table and an unknown scraper are refused, an unknown output is undefined', () => {
    expect(() => tableNamed('nba_raw.nothing')).toThrow(RangeError);
    expect(() => scraperNamed('nothing')).toThrow(RangeError);
    expect(outputNamed('nba_raw.nothing')).toBeUndefined();
  });
});

describe('storage prefixes', () => {
  it.each(scrapers)('a file of $name belongs to it', (scraper: Scraper) => {
    expect(scraperOfPath(`${scraper.storagePrefix}/2026-01-24/20260124T120000000Z-abc.json`)?.name).toBe(scraper.name);
  });

  it.each(['', 'nba-com', 'nba-com/', 'nba-com/scheduled/x.json', 'xnba-com/schedule/x.json', 'publications/v1/status.json', 'odds-api/player-props'])('%j belongs to nobody', (path) => {
    expect(scraperOfPath(path)).toBeUndefined();
  });

  it('the longest prefix that matches owns a path, whatever follows it', () => {
    fc.assert(fc.property(fc.constantFrom(...scrapers.map(({ storagePrefix }) => storagePrefix)), fc.array(fc.stringMatching(/^[a-z0-9-]{1,8}$/), { minLength: 1, maxLength: 4 }), (prefix, rest) => {
      const path = [prefix, ...rest].join('/');
      const owner = scraperOfPath(path)!;
      const matching = scrapers.filter(({ storagePrefix }) => path.startsWith(`${storagePrefix}/`));
      expect(owner.storagePrefix.length).toBe(Math.max(...matching.map(({ storagePrefix }) => storagePrefix.length)));
    }));
  });
});

describe('sources and workflows', () => {
  it.each(sources)('$id is asked in some period, or says why it is not', (source: Source) => {
    expect(source.enabled.length > 0 || (source.note ?? '').length > 0).toBe(true);
  });

  it('an event scraper says whose answer lists its events, of a source that is enabled with its own', () => {
    const periodsOf = ({ source }: Scraper) => sources.find(({ id }) => id === source)?.enabled;
    for (const scraper of scrapers as readonly Scraper[]) {
      expect(scraper.eventsFrom !== undefined).toBe(scraper.unit === 'event');
      if (scraper.eventsFrom !== undefined) expect(periodsOf(scraperNamed(scraper.eventsFrom))).toEqual(periodsOf(scraper));
    }
  });

  it('every scraper that is asked today runs in a workflow or heals, itself or for its events', () => {
    const names = [...workflows.flatMap((workflow) => [...workflow.scrapers]), ...boxScoreScrapers.map(({ name }) => name)];
    const asked = new Set<string>(names.flatMap((name: string) => [name, scraperNamed(name).eventsFrom ?? name]));
    expect(scrapers.filter((scraper) => isScraperEnabled(scraper, '2026-01-24') && !asked.has(scraper.name)).map(({ name }) => name)).toEqual([]);
  });

  it('there are sixteen workflows', () => {
    expect(workflows).toHaveLength(16);
  });

  it('every export says how long it may be kept', () => {
    expect(Object.keys(exportCacheSeconds).toSorted()).toEqual(Object.keys(exportNames).toSorted());
  });
});

describe('alert codes', () => {
  /** Codes that no function raises itself, with who does. */
  const raisedElsewhere: Readonly<Record<string, string>> = {};
  const sourceFiles = ['apps', 'libs', 'tools'].flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) => join(root, file)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('node_modules') && !file.startsWith(join('libs', 'catalogue')) && !file.startsWith(join('libs', 'testing')));
  const text = sourceFiles.map((file) => readFileSync(file, 'utf8')).join('\n');
  const raised = new Set([...text.matchAll(/\bcause: (?:'|[^,;\n]*\? ')([a-z-]+)'(?: : '([a-z-]+)')?/g), ...text.matchAll(/#alert\('([a-z-]+)'/g), ...text.matchAll(/notifier\.resolve\('([a-z-]+)'/g)].flatMap(([, one, other]) => [one!, ...(other === undefined ? [] : [other])]));
  const rejected = new Set([...text.matchAll(/code: '([a-z-]+)',\s*disposition: 'reject'/g)].map(([, code]) => code!));

  it('every cause that code raises is in the catalogue', () => {
    expect([...raised].filter((code) => !alertCodes.some((alert) => alert.code === code))).toEqual([]);
    expect(raised.size).toBeGreaterThan(8);
  });

  it('every code of the catalogue is raised: as a cause, or as the code of a rejected message', () => {
    const known = new Set([...raised, ...rejected, 'message-rejected', ...Object.keys(raisedElsewhere)]);
    expect(alertCodes.map(({ code }) => code).filter((code) => !known.has(code))).toEqual([]);
  });
});

describe('what a processor calls itself', () => {
  const spellings = (table: string): readonly string[] => {
    const camel = table.split('_').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join('');
    return [table, camel, `${camel}Processor`, `p2_${table}`, `P3_${table}`, table.replaceAll('_', '-'), table.toUpperCase()];
  };

  it.each(outputs.filter(({ name }) => !name.startsWith('exports/')))('$name is known under every spelling', ({ name }) => {
    for (const spelling of [name, ...spellings(name.split('.')[1]!)]) expect(outputOf(spelling)?.name, spelling).toBe(name);
  });

  it.each(['', 'NbacGambook', 'player_game_summary_v2', 'nba_raw.player_game_summary', 'processor', 'p2_'])('%o is nobody', (name) => {
    expect(outputOf(name)).toBeUndefined();
  });
});
