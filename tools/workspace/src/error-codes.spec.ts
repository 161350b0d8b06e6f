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
  /** As a `code:` of options or of a classification, or handed to what makes the error; a list of codes raises none. */
  it.each(Object.keys(errorKinds) as ErrorCode[])('%s is raised somewhere', (code) => {
    const raises = new RegExp(`(\\bcode: [^,}\\n]*|\\b(usageError|unusable|refuse|invalid|fault)\\()'${code}'`);
    expect(sources.some(({ text }) => raises.test(text))).toBe(true);
  });
});
