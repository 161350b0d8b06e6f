import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { PipelineError } from '@handoff/contracts';
import type { ObjectStore, StoredObject } from '@handoff/ports';

/** Files below one folder. A put writes beside the target and renames, so a reader sees the old or the new whole. */
export class FileObjectStore implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    const target = this.#locate(path);
    const partial = `${target}.partial`;
    await convert(path, async () => {
      await mkdir(dirname(target), { recursive: true });
      const file = await open(partial, 'w');
      try {
        await file.writeFile(bytes);
      } finally {
        await file.close();
      }
      await rename(partial, target);
    });
  }

  async get(path: string): Promise<Uint8Array> {
    const target = this.#locate(path);
    return convert(path, () => readFile(target));
  }

  async list(prefix: string): Promise<readonly StoredObject[]> {
    const entries = await convert(prefix, () => readdir(this.#root, { recursive: true, withFileTypes: true }), []);
    const objects: StoredObject[] = [];
    for (const entry of entries) {
      const file = join(entry.parentPath, entry.name);
      const path = relative(this.#root, file).split(sep).join('/');
      if (entry.isFile() && path.startsWith(prefix) && !path.endsWith('.partial')) objects.push({ path, sizeBytes: (await stat(file)).size });
    }
    return objects.sort((left, right) => (left.path < right.path ? -1 : 1));
  }

  async delete(path: string): Promise<void> {
    const target = this.#locate(path);
    await convert(path, () => rm(target, { force: true }));
  }

  #locate(path: string): string {
    const target = resolve(this.#root, path);
    if (target.startsWith(this.#root + sep)) return target;
    throw new PipelineError({ code: 'object-path-invalid', disposition: 'reject', message: `${path} is not a path below the object store`, facts: { path } });
  }
}

const outOfSpace: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

async function convert<Result>(path: string, work: () => Promise<Result>, whenMissing?: Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' && whenMissing !== undefined) return whenMissing;
    if (code === 'ENOENT') throw new PipelineError({ code: 'object-not-found', disposition: 'reject', message: `there is no object ${path}`, facts: { path }, cause: error });
    if (outOfSpace.has(code)) throw new PipelineError({ code: 'objects-full', disposition: 'defer', message: `no space left to store ${path}: free some, or choose another folder with --dir`, facts: { path }, cause: error });
    throw new PipelineError({ code: 'objects-unavailable', disposition: 'retry', message: `the object store failed on ${path}`, facts: { path, code }, cause: error });
  }
}
