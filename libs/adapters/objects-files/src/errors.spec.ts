import { PipelineError } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { asPipelineError } from './errors.ts';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: from the system`), { code });

describe('an error of the file system', () => {
  it.each(['put', 'list'] as const)('while doing a %s has the code and disposition of its cause', (doing) => {
    const classify = (code: string) => {
      const error = asPipelineError(systemError(code), 'a/b.json', doing);
      return error instanceof PipelineError ? `${error.code} ${error.disposition}` : error;
    };
    expect(['ENOSPC', 'EDQUOT', 'EFBIG'].map(classify)).toEqual(Array(3).fill('objects-full defer'));
    expect(['EACCES', 'EPERM', 'EROFS'].map(classify)).toEqual(Array(3).fill('objects-permission-denied defer'));
    expect(['EIO', 'EMFILE', 'EBUSY', 'ESOMETHING'].map(classify)).toEqual(Array(4).fill('objects-unavailable retry'));
    expect(['ENAMETOOLONG', 'ENOTDIR', 'EISDIR', 'EEXIST'].map(classify)).toEqual(Array(4).fill('object-path-invalid reject'));
  });

  it.each(['ENOENT', 'ENOTDIR', 'EISDIR'])('%s is a missing object to a reader', (code) => {
    expect(asPipelineError(systemError(code), 'a', 'get')).toMatchObject({ code: 'object-not-found', disposition: 'reject' });
  });

  it('says what to do about a full disk, keeps the facts and the cause', () => {
    const cause = systemError('ENOSPC');
    const error = asPipelineError(cause, 'a/b.json', 'put');
    expect(error).toMatchObject({ cause, facts: { path: 'a/b.json', systemCode: 'ENOSPC' }, message: expect.stringContaining('choose another folder with --dir') as string });
  });

  it('that is a bug of ours comes back as it is', () => {
    const bug = new TypeError('not a function');
    expect(asPipelineError(bug, 'a', 'put')).toBe(bug);
  });
});
