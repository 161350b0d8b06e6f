// Bundles one function for deployment: one file, a package.json that names what it needs at run time and has no scripts.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundle } from './bundle.mjs';

/** A function's ports are those of the profile that its bundle is made for: where they go, and what composes them. */
const profiles = {
  embedded: { folder: 'apps', alias: {} },
  cloud: { folder: 'cloud', alias: { '@handoff/composition/profile': '@handoff/composition/cloud-profile' } },
};

const [root, profileName = 'embedded'] = process.argv.slice(2);
const profile = profiles[profileName];
if (root === undefined || profile === undefined) throw new Error(`usage: bundle-app.mjs apps/<name> [${Object.keys(profiles).join('|')}]`);
const name = basename(root);
const folder = join('dist', profile.folder, name);
const { metafile } = await bundle({ entry: join(root, 'src', 'main.ts'), outfile: join(folder, 'index.mjs'), alias: profile.alias });

const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const packageOf = (path) => path.split('/').slice(0, path.startsWith('@') ? 2 : 1).join('/');
const imported = Object.values(metafile.outputs).flatMap((output) => output.imports.filter((one) => one.external).map((one) => packageOf(one.path)));
const needed = [...new Set(imported)].filter((path) => !path.startsWith('node:')).sort();
const pinned = Object.fromEntries(needed.filter((path) => path in dependencies).map((path) => [path, dependencies[path]]));
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, private: true, type: 'module', main: 'index.mjs', dependencies: pinned }, null, 2)}\n`);
