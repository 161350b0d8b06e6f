import { functionNames, outputs, scrapers, topics, withStandIns, workflows } from '@handoff/catalogue';
import { describe, expect, it } from 'vitest';
import { readWorkspaceFile, sourceFiles, workspaceFiles } from './workspace-files.ts';

/** Files that may name several of a kind: registries keyed by those names, held to the catalogue by types or a test. */
const registries: Readonly<Record<string, string>> = {
  'libs/flows/scrape-source/src/endpoints.ts': 'how each scraper is asked; its spec holds it to the enabled scrapers',
  'libs/flows/run-processors/src/make-features.ts': 'which transform makes which output; keyed by OutputName',
  'libs/flows/run-processors/src/make-game-summaries.ts': 'which transform makes which output; keyed by OutputName',
  'libs/flows/run-processors/src/make-upcoming-context.ts': 'which transform makes which output, and which line table is which source; keyed by OutputName',
};

const kinds: readonly (readonly [kind: string, names: readonly string[]])[] = [
  ['scrapers', scrapers.map(({ name }) => name)],
  ['outputs', outputs.map(({ name }) => name)],
  ['topics', topics],
  ['workflows', workflows.map(({ name }) => name)],
  ['functions', functionNames],
];

const literalsOf = (text: string): ReadonlySet<string> => new Set([...text.matchAll(/'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`|^\s*([a-z_0-9]+)(?=:)/gm)].flatMap(([, ...groups]: (string | undefined)[]) => groups.filter((group) => group !== undefined)));
const files = sourceFiles().filter((path) => !path.startsWith('libs/catalogue/') && !path.startsWith('libs/testing/'));

describe.each(kinds)('no list of %s is typed outside the catalogue', (kind, names) => {
  const named = (path: string): string[] => [...literalsOf(readWorkspaceFile(path))].filter((literal) => names.includes(literal));

  it('a registry that is let through exists and still needs to be', () => {
    const needed = files.filter((path) => path in registries && kinds.some(([, all]) => [...literalsOf(readWorkspaceFile(path))].filter((literal) => all.includes(literal)).length >= 2));
    expect(needed.toSorted()).toEqual(Object.keys(registries).toSorted());
  });

  it('three names in one file are a list', () => {
    const lists = files.filter((path) => !(path in registries)).map((path) => ({ path, kind, names: named(path) })).filter((found) => found.names.length >= 3);
    expect(lists).toEqual([]);
  });
});

/** Read once for each of the sources, with its name in the place of the first. */
const readOfEachSource = 'libs/flows/run-processors/src/box-scores.sql';

it('no statement names a source that another stands in for: the list of them is derived', () => {
  const families = outputs.map(({ name }) => withStandIns(name)).filter((names) => names.length > 1).flat();
  const statements = workspaceFiles().filter((path) => path.endsWith('.sql') && /^(apps|libs|tools)\//.test(path) && !path.startsWith('libs/catalogue/'));
  expect(statements.filter((path) => path !== readOfEachSource).filter((path) => families.some((name) => readWorkspaceFile(path).includes(name)))).toEqual([]);
});
