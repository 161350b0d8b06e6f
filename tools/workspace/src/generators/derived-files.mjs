// Files that derive from the catalogue, written anew once a generator's changes are on disk.
import { spawnSync } from 'node:child_process';

/** Runs `npm run schemas`, as somebody who had edited the catalogue by hand would. */
export function writeSchemas(workspaceRoot) {
  const { status } = spawnSync(process.execPath, ['tools/workspace/write-schemas.mjs'], { cwd: workspaceRoot, stdio: 'inherit' });
  if (status !== 0) process.stderr.write('schemas/ was not written: run `npm run schemas` once the workspace typechecks\n');
}
