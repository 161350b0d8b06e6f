// Gives every project of the workspace the same targets, so that no project file repeats them.
// A project is a package.json below apps/, libs/ or tools/; apps can be built besides. Lint and typecheck run once
// for the whole tree (project.json at the root): a typed lint per project spends most of its time starting.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createNodesFromFiles } from '@nx/devkit';

function hasSpecs(folder) {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true }).some((file) => String(file).endsWith('.spec.ts'));
}

/** Projects whose specs look at the whole repository: their results hold for no other tree. */
const repositoryWide = new Set(['tools/workspace', 'libs/catalogue']);

const testInputs = ['default', '^production', '{workspaceRoot}/vitest.config.ts', '{workspaceRoot}/tools/workspace/vitest/**/*', {'env': 'HANDOFF_REQUIRE'}];
const buildInputs = ['production', '^production', '{workspaceRoot}/tools/workspace/bundle.mjs', '{workspaceRoot}/tools/workspace/bundle-app.mjs'];

const bundleTarget = (root, profile, folder) => ({
  cache: true,
  inputs: buildInputs,
  outputs: [`{workspaceRoot}/dist/${folder}/${basename(root)}`],
  executor: 'nx:run-commands',
  options: { command: `node tools/workspace/bundle-app.mjs ${root} ${profile}`, cwd: '.' },
});

function targetsOf(root, workspaceRoot) {
  const folder = join(workspaceRoot, root);
  const targets = {};
  if (hasSpecs(join(folder, 'src'))) {
    targets.test = {
      cache: true,
      inputs: [...(repositoryWide.has(root) ? ['repository'] : []), ...testInputs],
      outputs: [`{workspaceRoot}/dist/test-results/${basename(root)}.json`],
      executor: 'nx:run-commands',
      options: { command: `vitest run --root . --dir ${root} --config vitest.config.ts`, cwd: '.', env: { HANDOFF_PROJECT_ROOT: root } },
    };
  }
  if (root.startsWith('apps/')) {
    targets.build = bundleTarget(root, 'embedded', 'apps');
    targets['build-cloud'] = bundleTarget(root, 'cloud', 'cloud');
    targets.deploy = {
      dependsOn: ['build-cloud'],
      executor: 'nx:run-commands',
      options: { command: `node tools/cli/bin/handoff.mjs deploy ${basename(root)}`, cwd: '.' },
    };
  }
  return targets;
}

export const createNodesV2 = [
  '{apps,libs,tools}/**/package.json',
  (files, options, context) =>
    createNodesFromFiles(
      (file) => {
        const root = dirname(file);
        return { projects: { [root]: { root, targets: targetsOf(root, context.workspaceRoot) } } };
      },
      files.filter((file) => !file.includes('node_modules') && !file.startsWith('dist/')),
      options,
      context,
    ),
];
