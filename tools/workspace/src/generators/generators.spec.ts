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
  for (const path of [...['apps', 'libs', 'tools'].flatMap(filesBelow), 'package-lock.json', 'tsconfig.json', 'tsconfig.base.json']) tree.write(path, readFileSync(join(root, path)));
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
    functionGenerator(tree, { name: 'gap-closer', schedule: '*/15 * * * *' });
    expect(written(tree, 'apps/gap-closer/')).toEqual(['README.md', 'package.json', 'src/config.ts', 'src/definition.ts', 'src/main.ts'].map((file) => `apps/gap-closer/${file}`));
    expect(written(tree, 'libs/flows/run-gap-closer/')).toEqual(['package.json', 'src/index.ts', 'src/run-gap-closer.spec.ts', 'src/run-gap-closer.ts'].map((file) => `libs/flows/run-gap-closer/${file}`));
    expect(JSON.parse(textOf(tree, 'apps/gap-closer/package.json'))).toMatchObject({ name: '@handoff/gap-closer', nx: { tags: ['type:app', 'scope:phase'] } });
    expect(JSON.parse(textOf(tree, 'package-lock.json'))).toMatchObject({ packages: { 'apps/gap-closer': { name: '@handoff/gap-closer' }, 'node_modules/@handoff/gap-closer': { resolved: 'apps/gap-closer', link: true } } });
  });

  it('with --schedule has a job and no topic', () => {
    const tree = workspace();
    functionGenerator(tree, { name: 'gap-closer', schedule: '*/15 * * * *', description: "Closes what's open." });
    expect(added(tree, 'libs/catalogue/src/functions.ts')).toBe("'gap-closer',");
    expect(added(tree, 'libs/catalogue/src/jobs.ts')).toBe("{ name: 'gap-closer', cron: '*/15 * * * *', timeZone: 'Etc/UTC', description: 'Closes what\\'s open.' },");
    expect(added(tree, 'libs/catalogue/src/topics.ts')).toBe('');
    expect(textOf(tree, 'apps/gap-closer/src/definition.ts')).toContain('onSchedule: (context) => runGapCloser(context)');
    expect(added(tree, 'tools/local/src/hostable-functions.ts')).toBe("import { definition as gapCloser } from '@handoff/gap-closer';\nhostable(gapCloser),");
  });

  it.each`
    topic                       | contract
    ${'phase3-trigger'}         | ${'PhaseTriggered'}
    ${'grading-complete'}       | ${'OutputsCompleted'}
    ${'phase1-scrapers-complete'} | ${'FilesStored'}
  `('with --topic $topic subscribes to it under $contract, which it has already', ({ topic, contract }: { topic: string; contract: string }) => {
    const tree = workspace();
    functionGenerator(tree, { name: 'gap-closer', topic });
    expect(added(tree, 'libs/catalogue/src/topics.ts')).toBe(`subscribe('${topic}', 'gap-closer'),`);
    expect(added(tree, 'libs/contracts/src/messages.ts')).toBe('');
    expect(textOf(tree, 'apps/gap-closer/src/definition.ts')).toContain(`routes: [route('${topic}', ${contract}, runGapCloser)]`);
  });

  it('without a trigger gets a topic and a contract of its own', () => {
    const tree = workspace();
    functionGenerator(tree, { name: 'gap-closer' });
    expect(added(tree, 'libs/catalogue/src/topics.ts')).toBe("'gap-closer-requests',\nsubscribe('gap-closer-requests', 'gap-closer'),");
    expect(added(tree, 'libs/contracts/src/messages.ts')).toContain('export const GapCloserRequests = z.object(');
    expect(added(tree, 'libs/contracts/src/index.ts')).toContain('GapCloserRequests');
  });

  it.each`
    options                                             | problem
    ${{ name: 'phase2-raw' }}                           | ${'there is a function phase2-raw already'}
    ${{ name: 'GapCloser' }}                            | ${'function GapCloser is not in kebab-case: write it as gap-closer'}
    ${{ name: 'gap-closer', flow: 'load-raw' }}         | ${'there is a flow load-raw already: name another one with --flow'}
    ${{ name: 'gap-closer', topic: 'phase2-to-phase3-due' }} | ${'no function says which contract phase2-to-phase3-due carries'}
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
    sourceGenerator(tree, { name: 'sports-feed', flow: 'pregame' });
    expect(added(tree, 'libs/catalogue/src/sources.ts')).toContain("{ id: 'sports-feed', title: 'Sports feed', baseUrl: 'https://sports-feed.invalid', enabled: []");
    expect(added(tree, 'libs/catalogue/src/scrapers.ts')).toContain("storagePrefix: 'sports-feed/sports-feed', loads: 'nba_raw.sports_feed'");
    expect(added(tree, 'libs/catalogue/src/outputs.ts')).toBe("{ name: 'nba_raw.sports_feed', phase: 'phase2', flow: 'pregame', scope: 'game', need: 'soft', recovery: 'time-bound', due: morning },");
    expect(added(tree, 'libs/catalogue/src/tables.ts')).toContain("row: SportsFeedRow, key: ['game_date', 'nba_game_id', 'player_lookup']");
    expect(added(tree, 'libs/flows/scrape-source/src/endpoints.ts')).toMatch(/^sports_feed: /);
    expect(added(tree, 'libs/payloads/src/transforms.ts')).toContain("import { sportsFeed } from './sports-feed.ts';");
    expect(added(tree, 'libs/payloads/src/any-answer.spec.ts')).toBe('sports_feed: { data: [] },');
    expect(tree.exists('libs/payloads/src/sports-feed.spec.ts')).toBe(true);
  });

  it('with --row takes the key and the layout of the table that has it, and no new schema', () => {
    const tree = workspace();
    sourceGenerator(tree, { name: 'lines-desk', scraper: 'desk_player_points', row: 'PlayerPointsLineRow' });
    expect(added(tree, 'libs/contracts/src/rows/raw.ts')).toBe('');
    expect(added(tree, 'libs/catalogue/src/tables.ts')).toContain("'nba_raw.desk_player_points': {");
    const key = "key: ['game_date', 'source_event_id', 'bookmaker', 'player_lookup', 'line_key', 'snapshot_at']";
    expect(textOf(tree, 'libs/catalogue/src/tables.ts').split(key)).toHaveLength(readFileSync(join(root, 'libs/catalogue/src/tables.ts'), 'utf8').split(key).length + 1);
  });

  it.each`
    options                                            | problem
    ${{ name: 'espn' }}                                | ${'there is a source espn already'}
    ${{ name: 'sports-feed', scraper: 'bp_events' }}   | ${'there is a scraper bp_events already: name another one with --scraper'}
    ${{ name: 'sports-feed', row: 'NoRow' }}           | ${'no raw table has rows of NoRow'}
    ${{ name: 'sports_feed' }}                         | ${'write it as sports-feed'}
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
    processorGenerator(tree, { name: 'team_pace', ...options });
    expect(added(tree, 'libs/catalogue/src/outputs.ts')).toContain(`name: '${dataset}.team_pace'`);
    expect(added(tree, 'libs/catalogue/src/tables.ts')).toContain(`'${dataset}.team_pace': {`);
    expect(added(tree, `libs/flows/run-processors/src/${maker}.ts`)).toContain(`['${dataset}.team_pace', trigger.runs.flatMap(`);
    expect(added(tree, `libs/${lib}/src/index.ts`)).toBe("export { makeTeamPace, type TeamPace, type TeamPaceInput } from './team-pace.ts';");
    expect(tree.exists(`libs/${lib}/src/team-pace.spec.ts`)).toBe(true);
  });

  it.each`
    options                                              | problem
    ${{ name: 'player_game_summary' }}                   | ${'there is a processor player_game_summary already (nba_analytics.player_game_summary)'}
    ${{ name: 'team_pace', phase: 'phase4', flow: 'postgame' }} | ${'phase4 makes nothing postgame: choose one of'}
    ${{ name: 'TeamPace' }}                              | ${'write it as team_pace'}
  `('refuses $options and writes nothing: $problem', ({ options, problem }: { options: { name: string }; problem: string }) => {
    const tree = workspace();
    const before = contentOf(tree);
    expect(() => { processorGenerator(tree, options); }).toThrow(problem);
    expect(contentOf(tree)).toEqual(before);
  });
});

describe('all of them', () => {
  const generateAll = (tree: Tree): void => {
    functionGenerator(tree, { name: 'gap-closer' });
    functionGenerator(tree, { name: 'export-auditor', topic: 'phase6-export-complete', schedule: '0 9 * * *', scope: 'health' });
    sourceGenerator(tree, { name: 'sports-feed' });
    processorGenerator(tree, { name: 'team_pace' });
    processorGenerator(tree, { name: 'travel_load', phase: 'phase4', scope: 'slate' });
  };

  it('refuse a name a second time, whatever was generated in between', () => {
    const tree = workspace();
    generateAll(tree);
    expect(() => { functionGenerator(tree, { name: 'gap-closer' }); }).toThrow('there is a function gap-closer already');
    expect(() => { sourceGenerator(tree, { name: 'sports-feed' }); }).toThrow('there is a source sports-feed already');
    expect(() => { processorGenerator(tree, { name: 'travel_load', phase: 'phase4' }); }).toThrow('there is a processor travel_load already');
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
  });
});

/** Where each of our packages is, since the links of node_modules lead to the workspace on disk. */
function packagePaths(tree: Tree): Record<string, string[]> {
  const manifests = tree.listChanges().map(({ path }) => path).filter((path) => /^(apps|libs|tools)\/.*package\.json$/.test(path));
  return Object.fromEntries(manifests.flatMap((path) => {
    const { name, exports = {} } = JSON.parse(textOf(tree, path)) as { name: string; exports?: Record<string, string> };
    return Object.entries(exports).map(([entry, file]) => [name + entry.slice(1), [`./${dirname(path)}/${file.slice(2)}`]]);
  }));
}
