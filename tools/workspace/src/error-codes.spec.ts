import { errorKinds, type ErrorCode } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { readWorkspaceFile, sourceFiles } from './workspace-files.ts';

const table = 'libs/contracts/src/error-codes.ts';
const sources = sourceFiles().filter((path) => path !== table).map((path) => ({ path, text: readWorkspaceFile(path) }));
/** Where a code is said beside its disposition: the constructor's options, and the adapters' classification. */
const raised = sources.flatMap(({ path, text }) => [...text.matchAll(/code: '([a-z-]+)',\s*disposition: '(retry|reject|defer)'/g)].map(([, code = '', disposition = '']) => ({ path, code, disposition })));

it('there are places that raise errors', () => {
  expect(raised.length).toBeGreaterThan(50);
});

it.each(raised)('$path raises $code with the disposition that it has everywhere', ({ code, disposition }) => {
  expect((errorKinds as Record<string, { disposition: string } | undefined>)[code]?.disposition).toBe(disposition);
});

describe('every code', () => {
  it.each(Object.keys(errorKinds) as ErrorCode[])('%s is raised somewhere', (code) => {
    expect(sources.some(({ text }) => text.includes(`'${code}'`))).toBe(true);
  });
});
