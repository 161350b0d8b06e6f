import { outputs, tables, views } from '@handoff/catalogue';
import { arrivedEntitiesStatement, boxScoresStatement, changedStatement, collectedGamesStatement, observedStatement, tracedStatement } from '@handoff/read-models';
import { checkStatement, readAsTable } from '@handoff/portable-sql';
import { describe, expect, it } from 'vitest';
import { readWorkspaceFile, sourceFiles, workspaceFiles } from './workspace-files.ts';

const statements = workspaceFiles().filter((path) => path.endsWith('.sql') && /^(apps|libs|tools)\//.test(path));

/** What a statement may read: tables, and views as if they were some. A view itself is made of tables alone. */
const readable = [...tables, ...views.map(readAsTable)];

it.each(statements)('%s runs on both engines and bounds its partitions', (path) => {
  expect(checkStatement(readWorkspaceFile(path), path.includes('/views/') ? tables : readable)).toEqual([]);
});

describe('the statement that the catalogue generates to observe', () => {
  it.each(outputs)('$name does too', ({ name }) => {
    expect(checkStatement(observedStatement(new Set([name])).text, tables)).toEqual([]);
  });

  it('those that follow a game, list box scores and compare with the ledger do too', () => {
    expect([tracedStatement(), boxScoresStatement(), collectedGamesStatement(), arrivedEntitiesStatement(), changedStatement()].flatMap(({ text }) => checkStatement(text, tables))).toEqual([]);
  });

  it('every output at once does too', () => {
    expect(checkStatement(observedStatement(new Set(outputs.map(({ name }) => name))).text, tables)).toEqual([]);
  });
});

/** Statements that are written in TypeScript: one line from SELECT to the closing quote, placeholders filled with a table of the catalogue. */
const inline = sourceFiles()
  .filter((path) => !path.startsWith('libs/adapters/') && !path.startsWith('libs/testing/'))
  .flatMap((path) => [...readWorkspaceFile(path).matchAll(/(['"`])(SELECT .*?)(?<!\\)\1;?$/gm)].map(([, , text]) => ({ path, text: (text ?? '').replaceAll('\\`', '`') })));

describe('a statement in TypeScript', () => {
  it.each(inline.filter(({ text }) => !text.includes('${')))('of $path: $text', ({ text }) => {
    expect(checkStatement(text, readable)).toEqual([]);
  });
});

it('every statement file is read by a source of its own project', () => {
  const unread = statements.filter((path) => {
    const [project, inside] = path.split('/src/');
    return !sourceFiles().some((file) => file.startsWith(`${project ?? ''}/src/`) && readWorkspaceFile(file).includes(`/${(inside ?? '').split('/').at(-1) ?? ''}'`));
  });
  expect(unread).toEqual([]);
});
