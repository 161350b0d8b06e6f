import { describe, expect, it } from 'vitest';
import { isWorkspacePath, projects, readWorkspaceFile, sourceFiles, workspaceFiles } from './workspace-files.ts';

const types = ['contract', 'domain', 'port', 'protocol', 'flow', 'adapter', 'composition', 'runtime', 'testing', 'app', 'tool'];
const scopes = ['shared', 'phase', 'healing', 'health', 'ops'];
const tagsOf = (tags: readonly string[], dimension: string): string[] => tags.filter((tag) => tag.startsWith(`${dimension}:`)).map((tag) => tag.slice(dimension.length + 1));
const dumpingGrounds = /^(.*-)?(utils?|helpers?|common|shared|managers?|services?)$/;

describe.each(projects())('$root', ({ root, name, tags }) => {
  it('has exactly one type and one scope, both known', () => {
    expect(tagsOf(tags, 'type')).toEqual([expect.toBeOneOf(types)]);
    expect(tagsOf(tags, 'scope')).toEqual([expect.toBeOneOf(scopes)]);
    expect(tags).toHaveLength(2);
  });

  it('has the type and scope that its place says', () => {
    const [type] = tagsOf(tags, 'type');
    const [scope] = tagsOf(tags, 'scope');
    expect(type === 'app').toBe(root.startsWith('apps/'));
    expect(type === 'tool').toBe(root.startsWith('tools/'));
    expect(scope === 'ops').toBe(root.startsWith('tools/'));
    expect(type === 'adapter').toBe(root.startsWith('libs/adapters/'));
    expect(type === 'flow').toBe(root.startsWith('libs/flows/'));
  });

  it('is published under the workspace name alone', () => {
    expect(name).toMatch(/^@handoff\/[a-z0-9-]+$/);
  });
});

it('every app is four files: main, config, definition and what people read', () => {
  for (const { root } of projects().filter((project) => project.root.startsWith('apps/'))) {
    for (const file of ['src/main.ts', 'src/config.ts', 'src/definition.ts']) expect({ file: `${root}/${file}`, exists: isWorkspacePath(`${root}/${file}`) }).toEqual({ file: `${root}/${file}`, exists: true });
  }
});

it('no file and no folder is a dumping ground', () => {
  const names = workspaceFiles().flatMap((path) => path.split('/').map((part) => ({ path, part: part.replace(/(\.spec)?\.[a-z]+$/, '') })));
  expect(names.filter(({ part }) => dumpingGrounds.test(part)).map(({ path }) => path)).toEqual([]);
});

it('no TypeScript file is over 400 lines', () => {
  const long = workspaceFiles().filter((path) => path.endsWith('.ts')).map((path) => ({ path, lines: readWorkspaceFile(path).split('\n').length })).filter(({ lines }) => lines > 400);
  expect(long).toEqual([]);
});

it('no source has a default export, and none is empty', () => {
  const odd = sourceFiles().filter((path) => {
    const text = readWorkspaceFile(path);
    return text.trim() === '' || (/^export default /m.test(text) && !path.startsWith('tools/workspace/vitest/') && !path.endsWith('.d.ts'));
  });
  expect(odd).toEqual([]);
});
