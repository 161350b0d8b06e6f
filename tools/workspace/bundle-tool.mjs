// Bundles a tool of ours on its first use and whenever one of its sources has changed.
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const isFresh = (outfile, inputsFile, root) => {
  if (!existsSync(outfile) || !existsSync(inputsFile)) return false;
  const builtAt = statSync(outfile).mtimeMs;
  const inputs = JSON.parse(readFileSync(inputsFile, 'utf8'));
  return inputs.every((input) => existsSync(join(root, input)) && statSync(join(root, input)).mtimeMs <= builtAt);
};

/** The file URL of the bundle. Two processes that build at once each rename a whole file into place. */
export async function bundleTool(root, entry) {
  const name = `${basename(dirname(dirname(entry)))}-${basename(entry, '.ts')}`;
  const outfile = join(root, 'dist', 'tools', `${name}.mjs`);
  const inputsFile = `${outfile}.inputs.json`;
  if (!isFresh(outfile, inputsFile, root)) {
    const { bundle } = await import('./bundle.mjs');
    mkdirSync(dirname(outfile), { recursive: true });
    const partial = `${outfile}.${process.pid}.mjs`;
    const { metafile } = await bundle({ entry: join(root, entry), outfile: partial });
    renameSync(`${partial}.map`, `${outfile}.map`);
    renameSync(partial, outfile);
    const inputs = Object.keys(metafile.inputs).map((input) => join(process.cwd(), input)).map((path) => path.slice(root.length));
    writeFileSync(inputsFile, JSON.stringify([...inputs, 'package-lock.json']));
  }
  return pathToFileURL(outfile).href;
}
