import { dirname, join, normalize } from 'node:path/posix';
import { alertCodes } from '@handoff/catalogue';
import { describe, expect, it } from 'vitest';
import { isWorkspacePath, readWorkspaceFile, workspaceFiles } from './workspace-files.ts';

const documents = workspaceFiles().filter((path) => path === 'README.md' || /^docs\/.*\.md$/.test(path) || /^apps\/[^/]+\/README\.md$/.test(path));

/** Relative links of a page: `[text](target)` outside code, without its anchor. */
function linksOf(path: string): readonly string[] {
  const prose = readWorkspaceFile(path).replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => (target ?? '').split('#')[0] ?? '').filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

describe('relative links', () => {
  it.each(documents)('of %s lead somewhere', (path) => {
    const broken = linksOf(path).filter((target) => !isWorkspacePath(normalize(join(dirname(path), target))));
    expect(broken).toEqual([]);
  });
});

describe('runbooks', () => {
  it.each(alertCodes)('$code has one', ({ code }) => {
    const runbook = `docs/runbooks/${code}.md`;
    expect(isWorkspacePath(runbook), `${runbook} is missing: every alert code of the catalogue has a runbook that says what to do`).toBe(true);
  });

  it('none is of an alert that no longer exists', () => {
    const known = new Set(['README', ...alertCodes.map(({ code }) => code as string)]);
    const orphans = workspaceFiles().filter((path) => /^docs\/runbooks\/[^/]+\.md$/.test(path) && !known.has(path.slice('docs/runbooks/'.length, -'.md'.length)));
    expect(orphans).toEqual([]);
  });
});

describe('decisions', () => {
  const referenced = workspaceFiles()
    .filter((path) => /\.(ts|mjs|sql|md|json)$/.test(path) && !path.endsWith('package-lock.json') && !path.endsWith('documents.spec.ts'))
    .flatMap((path) => [...readWorkspaceFile(path).matchAll(/docs\/adr\/\d{4}-[a-z0-9-]+\.md/g)].map(([adr]) => ({ adr, path })));

  it.each(referenced)('$adr, which $path refers to, is written', ({ adr }) => {
    expect(isWorkspacePath(adr), `${adr} is referred to and missing: write it, or refer to the decision that is meant`).toBe(true);
  });
});
