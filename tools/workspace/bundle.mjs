// How every bundle of the workspace is made: our own packages inside, published packages outside, SQL as text.
import { build } from 'esbuild';

/** Keeps published packages out of the bundle; @handoff/* resolves to the workspace's sources and goes in. */
const publishedPackagesStayOutside = {
  name: 'published-packages-stay-outside',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || path.startsWith('@handoff/')) return undefined;
      return { path, external: true };
    });
  },
};

/** `alias`: packages of ours that others stand in for. */
export async function bundle({ entry, outfile, minify = false, alias = {} }) {
  return build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
    minify,
    metafile: true,
    logLevel: 'error',
    alias,
    loader: { '.sql': 'text' },
    plugins: [publishedPackagesStayOutside],
  });
}
