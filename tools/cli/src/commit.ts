import { spawnSync } from 'node:child_process';

/** The commit that the workspace is at, with a + where files of it were changed; undefined where that is not known. */
export function commitOf(root: string): string | undefined {
  const { status, stdout } = spawnSync('git', ['-C', root, 'describe', '--always', '--dirty=+', '--exclude=*'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
