import { describe, expect, it } from 'vitest';
import { runProgram } from './index.ts';

describe('a program', () => {
  it('can read what it is given as /dev/stdin too, as gcloud does', async () => {
    expect(await runProgram({ argv: ['cat', '/dev/stdin'], stdin: 'é\n' })).toEqual({ exitCode: 0, stdout: 'é\n', stderr: '' });
  });

  it('reads nothing where it is given nothing', async () => {
    expect(await runProgram({ argv: ['cat'] })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('that is not installed is an error, with or without something to read', async () => {
    await expect(runProgram({ argv: ['no-such-program'] })).rejects.toMatchObject({ code: 'cloud-command-missing', disposition: 'reject' });
    await expect(runProgram({ argv: ['no-such-program'], stdin: 'text' })).rejects.toMatchObject({ code: 'cloud-command-missing' });
  });
});
