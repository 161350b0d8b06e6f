import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { functionGenerator, processorGenerator, sourceGenerator } from './index.mjs';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
/** All projects are checked at once: ten seconds, and more of them on a machine that does other work as well. */
const wholeTreeMs = 180_000;
const kept = /\.(ts|mts|json|sql)$/;
const left = new Set(['node_modules', 'dist', 'recordings', '.handoff']);

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder)).filter((name) => !left.has(name)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(join(root, path)).isDirectory()) return filesBelow(path);
    return kept.test(name) ? [path] : [];
  });
}

/** The workspace as it is on disk, in memory. */
function workspace(): Tree {
  const tree = createTreeWithEmptyWorkspace();
  for (const path of [...['apps', 'libs', 'tools', 'schemas'].flatMap(filesBelow), 'package-lock.json', 'tsconfig.json', 'tsconfig.base.json']) tree.write(path, readFileSync(join(root, path)));
  return tree;
}

const textOf = (tree: Tree, path: string): string => tree.read(path, 'utf8') ?? '';
/** What a file of the tree says that the file on disk does not. */
const added = (tree: Tree, path: string): string => {
  const known = new Set(readFileSync(join(root, path), 'utf8').split('\n'));
  return textOf(tree, path).split('\n').filter((line) => !known.has(line)).map((line) => line.trim()).join('\n');
};
const written = (tree: Tree, folder: string): string[] => tree.listChanges().map(({ path }) => path).filter((path) => path.startsWith(folder)).toSorted();
const contentOf = (tree: Tree): ReadonlyMap<string, string> => new Map(tree.listChanges().map(({ path, content }) => [path, content?.toString('utf8') ?? '']));

describe('function', () => {
  it('writes the four files of an app, a flow with its spec, and both packages', () => {
    const tree = workspace();
    functionGenerator(tree, { name: 'made-up-closer', schedule: '*/15 * * * *' });
    expect(written(tree, 'apps/made-up-closer/')).toEqual(['README.md', 'package.json', 'src/config.ts', 'src/definition.ts', 'src/main.ts'].map((file) => `apps/made-up-closer/${file}`));
    expect(written(tree, 'libs/flows/run-made-up-closer/')).toEqual(['package.json', 'src/index.ts', 'src/run-made-up-closer.spec.ts', 'src/run-made-up-closer.ts'].map((file) => `libs/flows/run-made-up-closer/${file}`));
    expect(JSON.parse(textOf(tree, 'apps/made-up-closer/package.json'))).toMatchObject({ name: '@handoff/made-up-closer', nx: { tags: ['type:app', 'scope:phase'] } });
    expect(JSON.parse(textOf(tree, 'package-lock.json'))).toMatchObject({ packages: { 'apps/made-up-closer': { name: '@handoff/made-up-closer' }, 'node_modules/@handoff/made-up-closer': { resolved: 'apps/made-up-closer', link: true } } });
  });

  it('with --schedule has a job and no topic', () => {
    const tree = workspace();
    functionGenerator(tree, { name: 'made-up-closer', schedule: '*/15 * * * *', description: "Closes what's open." });
    expect(added(tree, 'libs/catalogue/src/functions.ts')).toBe("'made-up-closer',");
    expect(added(tree, 'libs/catalogue/src/jobs.ts')).toBe("{ name: 'made-up-closer', cron: '*/15 * * * *', description: 'Closes what\\'s open.' },");
    expect(added(tree, 'libs/catalogue/src/topics.ts')).toBe('');
    expect(textOf(tree, 'apps/made-up-closer/src/definition.ts')).toContain('onSchedule: (context) => runMadeUpCloser(context)');
    expect(added(tree, 'tools/local/src/hostable-functions.ts')).toBe("import { definition as madeUpCloser } from '@handoff/made-up-closer';\nhostable(madeUpCloser),");
  });

  it('with --due has a job that fires from then on until its work is done', () => {
    const tree = workspace();
    functionGenerator(tree, { name: 'made-up-closer', due: '07:30' });
    expect(added(tree, 'libs/catalogue/src/jobs.ts')).toBe("{ name: 'made-up-closer', ...untilDone, dueTimes: [{ hour: 7, minute: 30 }], description: 'Made up closer: say in one sentence what it does.' },");
    expect(textOf(tree, 'apps/made-up-closer/README.md')).toContain('| runs | from 07:30 US Eastern every 15 minutes until it is done |');
  });

  it.each([
    ['a time between its firings', { due: '07:20' }, '--due 07:20 is no quarter of an hour'],
    ['a day between its firings', { schedule: '0 9 * * *' }, 'fires less often than hourly'],
    ['two jobs', { due: '07:30', schedule: '0 * * * *' }, 'either --schedule or --due'],
  ])('is refused %s, and writes nothing', (_, options, problem) => {
    const tree = workspace();
    const before = contentOf(tree);
    expect(() => { functionGenerator(tree, { name: 'made-up-closer', ...options }); }).toThrow(problem);
    expect(contentOf(tree)).toEqual(before);
  });

  it.each`
    topic                       | contract
    ${'phase3-trigger'}         | ${'PhaseTriggered'}
    ${'grading-complete'}       | ${'OutputsCompleted'}
    ${'phase1-scrapers-complete'} | ${'FilesStored'}
  `('with --topic $topic subscribes to it under $contract, which it has already', ({ topic, contract }: { topic: string; contract: string }) => {
    const tree = workspace();
    functionGenerator(tree, { name: 'made-up-closer', topic });
    expect(added(tree, 'libs/catalogue/src/topics.ts')).toBe(`subscribe('${topic}', 'made-up-closer'),`);
    expect(added(tree, 'libs/contracts/src/messages.ts')).toBe('');
    expect(textOf(tree, 'apps/made-up-closer/src/definition.ts')).toContain(`routes: [route('${topic}', ${contract}, runMadeUpCloser)]`);
  });

  it('without a trigger is called every hour', () => {
    const tree = workspace();
    functionGenerator(tree, { name: 'made-up-closer' });
    expect(added(tree, 'libs/catalogue/src/jobs.ts')).toContain("{ name: 'made-up-closer', cron: '0 * * * *'");
    expect(added(tree, 'libs/catalogue/src/topics.ts')).toBe('');
  });

  it('with a --topic that the catalogue does not have adds it, with a contract of its name', () => {
    const tree = workspace();
    functionGenerator(tree, { name: 'made-up-closer', topic: 'made-up-closer-requests' });
    expect(added(tree, 'libs/catalogue/src/topics.ts')).toBe("'made-up-closer-requests',\nsubscribe('made-up-closer-requests', 'made-up-closer'),");
    expect(added(tree, 'libs/contracts/src/messages.ts')).toContain('export const MadeUpCloserRequests = z.object(');
    expect(added(tree, 'libs/contracts/src/index.ts')).toContain('MadeUpCloserRequests');
  });

  it.each`
    options                                             | problem
    ${{ name: 'phase2-raw' }}                           | ${'there is a function phase2-raw already'}
    ${{ name: 'MadeUpCloser' }}                            | ${'function MadeUpCloser is not in kebab-case: write it as made-up-closer'}
    ${{ name: 'made-up-closer', flow: 'load-raw' }}         | ${'there is a flow load-raw already: name another one with --flow'}
    ${{ name: 'made-up-closer', topic: 'phase2-to-phase3-due' }} | ${'no function says which contract phase2-to-phase3-due carries'}
  `('refuses $options and writes nothing: $problem', ({ options, problem }: { options: { name: string }; problem: string }) => {
    const tree = workspace();
    const before = contentOf(tree);
    expect(() => { functionGenerator(tree, options); }).toThrow(problem);
    expect(contentOf(tree)).toEqual(before);
  });
});

describe('source', () => {
  it('writes row, table, output, source, scraper, endpoint and transform, and is not enabled', () => {
    const tree = workspace();
    sourceGenerator(tree, { name: 'made-up-feed', flow: 'pregame' });
    expect(added(tree, 'libs/catalogue/src/sources.ts')).toContain("{ id: 'made-up-feed', title: 'Made up feed', baseUrl: 'https://made-up-feed.invalid', enabled: []");
    expect(added(tree, 'libs/catalogue/src/scrapers.ts')).toContain("storagePrefix: 'made-up-feed/made-up-feed', loads: 'nba_raw.made_up_feed'");
    expect(added(tree, 'libs/catalogue/src/outputs.ts')).toBe("{ name: 'nba_raw.made_up_feed', phase: 'phase2', flow: 'pregame', scope: 'game', need: 'soft', recovery: 'time-bound', due: morning },");
    expect(added(tree, 'libs/catalogue/src/tables.ts')).toContain("row: MadeUpFeedRow, key: ['game_date', 'nba_game_id', 'player_lookup']");
    expect(added(tree, 'libs/flows/scrape-source/src/endpoints.ts')).toMatch(/^made_up_feed: /);
    expect(added(tree, 'libs/payloads/src/transforms.ts')).toContain("import { madeUpFeed } from './made-up-feed.ts';");
    expect(added(tree, 'libs/payloads/src/any-answer.spec.ts')).toBe('made_up_feed: { data: [] },');
    expect(tree.exists('libs/payloads/src/made-up-feed.spec.ts')).toBe(true);
  });

  it('with --row takes the key and the layout of the table that has it, and no new schema', () => {
    const tree = workspace();
    sourceGenerator(tree, { name: 'made-up-lines', scraper: 'made_up_points', row: 'PlayerPointsLineRow' });
    expect(added(tree, 'libs/contracts/src/rows/raw.ts')).toBe('');
    expect(added(tree, 'libs/catalogue/src/tables.ts')).toContain("'nba_raw.made_up_points': {");
    const key = "key: ['game_date', 'source_event_id', 'bookmaker', 'player_lookup', 'line_key', 'snapshot_at']";
    expect(textOf(tree, 'libs/catalogue/src/tables.ts').split(key)).toHaveLength(readFileSync(join(root, 'libs/catalogue/src/tables.ts'), 'utf8').split(key).length + 1);
  });

  it.each`
    options                                            | problem
    ${{ name: 'espn' }}                                | ${'there is a source espn already'}
    ${{ name: 'made-up-feed', scraper: 'bp_events' }}   | ${'there is a scraper bp_events already: name another one with --scraper'}
    ${{ name: 'made-up-feed', row: 'NoRow' }}           | ${'no raw table has rows of NoRow'}
    ${{ name: 'made_up_feed' }}                         | ${'write it as made-up-feed'}
  `('refuses $options and writes nothing: $problem', ({ options, problem }: { options: { name: string }; problem: string }) => {
    const tree = workspace();
    const before = contentOf(tree);
    expect(() => { sourceGenerator(tree, options); }).toThrow(problem);
    expect(contentOf(tree)).toEqual(before);
  });
});

describe('processor', () => {
  it.each`
    options                                         | dataset             | lib            | maker
    ${{}}                                           | ${'nba_analytics'}  | ${'analytics'} | ${'make-game-summaries'}
    ${{ flow: 'pregame', scope: 'slate' }}          | ${'nba_analytics'}  | ${'analytics'} | ${'make-upcoming-context'}
    ${{ phase: 'phase4' }}                          | ${'nba_precompute'} | ${'scoring'}   | ${'make-features'}
  `('$options is an output of $dataset, made in $lib, hooked into $maker', ({ options, dataset, lib, maker }: { options: object; dataset: string; lib: string; maker: string }) => {
    const tree = workspace();
    processorGenerator(tree, { name: 'made_up_pace', ...options });
    expect(added(tree, 'libs/catalogue/src/outputs.ts')).toContain(`name: '${dataset}.made_up_pace'`);
    expect(added(tree, 'libs/catalogue/src/tables.ts')).toContain(`'${dataset}.made_up_pace': {`);
    expect(added(tree, `libs/flows/run-processors/src/${maker}.ts`)).toContain(`['${dataset}.made_up_pace', { rows: trigger.runs.flatMap(`);
    expect(added(tree, `libs/${lib}/src/index.ts`)).toBe("export { makeMadeUpPace, type MadeUpPace, type MadeUpPaceInput } from './made-up-pace.ts';");
    expect(tree.exists(`libs/${lib}/src/made-up-pace.spec.ts`)).toBe(true);
  });

  it.each`
    options                                              | problem
    ${{ name: 'player_game_summary' }}                   | ${'there is a processor player_game_summary already (nba_analytics.player_game_summary)'}
    ${{ name: 'made_up_pace', phase: 'phase4', flow: 'postgame' }} | ${'phase4 makes nothing postgame: choose one of'}
    ${{ name: 'MadeUpPace' }}                              | ${'write it as made_up_pace'}
  `('refuses $options and writes nothing: $problem', ({ options, problem }: { options: { name: string }; problem: string }) => {
    const tree = workspace();
    const before = contentOf(tree);
    expect(() => { processorGenerator(tree, options); }).toThrow(problem);
    expect(contentOf(tree)).toEqual(before);
  });
});

describe('all of them', () => {
  const generateAll = (tree: Tree): void => {
    functionGenerator(tree, { name: 'made-up-closer', topic: 'made-up-closer-requests' });
    functionGenerator(tree, { name: 'made-up-auditor', topic: 'phase6-export-complete', due: '09:00', scope: 'health' });
    sourceGenerator(tree, { name: 'made-up-feed' });
    processorGenerator(tree, { name: 'made_up_pace' });
    processorGenerator(tree, { name: 'made_up_load', phase: 'phase4', scope: 'slate' });
  };

  it('refuse a name a second time, whatever was generated in between', () => {
    const tree = workspace();
    generateAll(tree);
    expect(() => { functionGenerator(tree, { name: 'made-up-closer' }); }).toThrow('there is a function made-up-closer already');
    expect(() => { sourceGenerator(tree, { name: 'made-up-feed' }); }).toThrow('there is a source made-up-feed already');
    expect(() => { processorGenerator(tree, { name: 'made_up_load', phase: 'phase4' }); }).toThrow('there is a processor made_up_load already');
  });

  it('leave a workspace that typechecks', () => {
    const tree = workspace();
    generateAll(tree);
    const folder = mkdtempSync(join(tmpdir(), 'handoff-generated-'));
    try {
      for (const [path, text] of contentOf(tree)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...ts.parseConfigFileTextToJson('tsconfig.json', textOf(tree, 'tsconfig.json')).config as object, compilerOptions: { paths: packagePaths(tree) } }));
      const { stdout, status } = spawnSync(process.execPath, [join(root, 'node_modules/@typescript/native/bin/tsc'), '-p', 'tsconfig.json'], { cwd: folder, encoding: 'utf8' });
      expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, wholeTreeMs);
});

/** Where each of our packages is, since the links of node_modules lead to the workspace on disk. */
function packagePaths(tree: Tree): Record<string, string[]> {
  const manifests = tree.listChanges().map(({ path }) => path).filter((path) => /^(apps|libs|tools)\/.*package\.json$/.test(path));
  return Object.fromEntries(manifests.flatMap((path) => {
    const { name, exports = {} } = JSON.parse(textOf(tree, path)) as { name: string; exports?: Record<string, string> };
    return Object.entries(exports).map(([entry, file]) => [name + entry.slice(1), [`./${dirname(path)}/${file.slice(2)}`]]);
  }));
}
