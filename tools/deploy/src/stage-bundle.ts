import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FunctionName } from '@handoff/catalogue';
import { PipelineError } from '@handoff/contracts';
import type { ProjectGraph } from '@nx/devkit';
import type { generatePrunedDeployOutput } from '@nx/js';
import type { Bundle } from './plan/plan-deployment.ts';

/** What is sent to Google: the function, its map for stack traces, and what it needs, each at the version that was tested. */
const sent = ['index.mjs', 'index.mjs.map', 'package.json', 'package-lock.json', '.gcloudignore'] as const;
/** What is not sent, as gcloud reads it: without a list of ours it would write one into the folder. */
const ignored = 'node_modules\n';

export interface Workspace {
  readonly root: string;
  readonly commit: string;
  /** What cuts lock files out of the workspace's. */
  readonly locks: LockFiles;
}

/** Nx, with the packages of the workspace as it sees them. */
export interface LockFiles {
  readonly graph: ProjectGraph;
  readonly write: typeof generatePrunedDeployOutput;
}

/** Nx is loaded by who stages bundles alone: that takes longer than most commands do. Once for all bundles. */
export async function openLockFiles(): Promise<LockFiles> {
  const [{ createProjectGraphAsync }, { generatePrunedDeployOutput: write }] = [await import('@nx/devkit'), await import('@nx/js')];
  return { graph: await createProjectGraphAsync({ exitOnError: false }), write };
}

/**
 * Makes the bundle of a function ready to be sent: adds the lock file of its packages, cut out of the workspace's.
 *
 * @throws `bundle-missing` (reject) where it has not been made.
 */
export function stageBundle(name: FunctionName, { root, commit, locks }: Workspace): Bundle {
  const folder = join(resolve(root), 'dist', 'cloud', name);
  const file = (part: string): string => join(folder, part);
  if (!existsSync(file('index.mjs'))) throw new PipelineError({ code: 'bundle-missing', disposition: 'reject', message: `${folder} is not there: make it with npx nx build-cloud ${name}` });
  const manifest = JSON.parse(readFileSync(file('package.json'), 'utf8')) as Parameters<LockFiles['write']>[0];
  locks.write(manifest, locks.graph, join('apps', name), { outputDirectory: folder, packageManager: 'npm', workspaceRoot: root });
  writeFileSync(file('.gcloudignore'), ignored);
  const digest = createHash('sha256');
  for (const part of sent) digest.update(`${part}\0`).update(readFileSync(file(part))).update('\0');
  return { folder, digest: digest.digest('hex'), commit };
}
