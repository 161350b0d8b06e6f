import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { refuseObjectPath, type ObjectStore, type StoredObject } from '@handoff/ports';
import { asPipelineError, isMissing } from './errors.ts';

/** Counts the puts of this process, so that two at once never write to one partial file. */
let puts = 0;

/**
 * Files below one folder. A put writes into a folder beside it and renames, so a reader sees the old or the new
 * whole, and a process that is killed leaves the old; a machine that loses power may leave either.
 */
export class FileObjectStore implements ObjectStore {
  readonly #root: string;
  readonly #partials: string;

  constructor(root: string) {
    this.#root = resolve(root);
    this.#partials = `${this.#root}.partial`;
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    const target = this.#locate(path);
    puts += 1;
    const partial = join(this.#partials, `${process.pid}-${puts}`);
    try {
      await Promise.all([mkdir(dirname(target), { recursive: true }), mkdir(this.#partials, { recursive: true })]);
      await writeFile(partial, bytes);
      await rename(partial, target);
    } catch (error) {
      await rm(partial, { force: true });
      throw asPipelineError(error, path, 'put');
    }
  }

  async get(path: string): Promise<Uint8Array> {
    const target = this.#locate(path);
    try {
      return await readFile(target);
    } catch (error) {
      throw asPipelineError(error, path, 'get');
    }
  }

  async list(prefix: string): Promise<readonly StoredObject[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const from = folder === '' ? this.#root : this.#locate(folder.slice(0, -1));
    try {
      const entries = await readdir(from, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      const paths = files.map((file) => relative(this.#root, file).split(sep).join('/')).filter((path) => path.startsWith(prefix));
      const found = await Promise.all(paths.map((path) => this.#sized(path)));
      return found.filter((object) => object !== undefined).sort((left, right) => Buffer.compare(Buffer.from(left.path), Buffer.from(right.path)));
    } catch (error) {
      if (isMissing(error)) return [];
      throw asPipelineError(error, prefix, 'list');
    }
  }

  async delete(path: string): Promise<void> {
    const target = this.#locate(path);
    try {
      await rm(target, { force: true });
    } catch (error) {
      // A folder, or a path through a file: there is no object of this name.
      if (!isMissing(error)) throw asPipelineError(error, path, 'delete');
    }
  }

  async #sized(path: string): Promise<StoredObject | undefined> {
    try {
      return { path, sizeBytes: (await stat(join(this.#root, path))).size };
    } catch (error) {
      // Deleted since the folder was read.
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #locate(path: string): string {
    refuseObjectPath(path);
    return join(this.#root, ...path.split('/'));
  }
}
