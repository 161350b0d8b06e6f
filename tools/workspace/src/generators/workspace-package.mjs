// A package of the workspace: its package.json, its place in the lock file and its link in node_modules.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Writes a package and notes it in the lock file as npm does, so that `npm ci` agrees without asking a registry. */
export function writePackage(tree, { root, name, entry, tags }) {
  const description = { name, version: '0.1.0', private: true, type: 'module', exports: { '.': entry }, nx: { tags } };
  tree.write(join(root, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
  const lock = JSON.parse(tree.read('package-lock.json', 'utf8'));
  const packages = [...Object.entries(lock.packages), [root, { name, version: '0.1.0' }], [`node_modules/${name}`, { resolved: root, link: true }]];
  lock.packages = Object.fromEntries(packages.sort(([left], [right]) => left.localeCompare(right, 'en')));
  tree.write('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
}

/** Links written packages into node_modules, as `npm install` would: for after the files are on disk. */
export function linkPackages(workspaceRoot, packages) {
  for (const { root, name } of packages) {
    const link = join(workspaceRoot, 'node_modules', name);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), join(workspaceRoot, root)), link, 'dir');
  }
}
