import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { refuseObjectPath, type ObjectStore, type StoredObject } from '@handoff/ports';
import { asPipelineError, isMissing } from './errors.ts';

/** Counts the puts of this process, so that two at once never write to one partial file. */
let puts = 0;

/**
 * Files below one folder. A put writes into a folder beside it and renames, so a reader sees the old or the new
 * whole, and a process that is killed leaves the old; a machine that loses power may leave either.
 *
 * Its calls do not hand over to another thread: what they do takes some 20 microseconds, and handing over five times that.
 */
export class FileObjectStore implements ObjectStore {
  readonly #root: string;
  readonly #partials: string;

  constructor(root: string) {
    this.#root = resolve(root);
    this.#partials = `${this.#root}.partial`;
  }

  put(path: string, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => { this.#put(path, bytes); resolve(); });
  }

  get(path: string): Promise<Uint8Array> {
    return new Promise((resolve) => { resolve(this.#get(path)); });
  }

  list(prefix: string): Promise<readonly StoredObject[]> {
    return new Promise((resolve) => { resolve(this.#list(prefix)); });
  }

  delete(path: string): Promise<void> {
    return new Promise((resolve) => { this.#delete(path); resolve(); });
  }

  #put(path: string, bytes: Uint8Array): void {
    const target = this.#locate(path);
    puts += 1;
    const partial = join(this.#partials, `${process.pid}-${puts}`);
    try {
      writeIntoFolders(() => {
        writeFileSync(partial, bytes);
        renameSync(partial, target);
      }, [dirname(target), this.#partials]);
    } catch (error) {
      rmSync(partial, { force: true });
      throw asPipelineError(error, path, 'put');
    }
  }

  #get(path: string): Uint8Array {
    const target = this.#locate(path);
    try {
      return readFileSync(target);
    } catch (error) {
      throw asPipelineError(error, path, 'get');
    }
  }

  #list(prefix: string): readonly StoredObject[] {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const from = folder === '' ? this.#root : this.#locate(folder.slice(0, -1));
    try {
      const entries = readdirSync(from, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      const paths = files.map((file) => relative(this.#root, file).split(sep).join('/')).filter((path) => path.startsWith(prefix));
      const found = paths.map((path) => this.#sized(path));
      return found.filter((object) => object !== undefined).sort((left, right) => Buffer.compare(Buffer.from(left.path), Buffer.from(right.path)));
    } catch (error) {
      if (isMissing(error)) return [];
      throw asPipelineError(error, prefix, 'list');
    }
  }

  #delete(path: string): void {
    const target = this.#locate(path);
    try {
      rmSync(target, { force: true });
    } catch (error) {
      // A folder, or a path through a file: there is no object of this name.
      if (!isMissing(error)) throw asPipelineError(error, path, 'delete');
    }
  }

  #sized(path: string): StoredObject | undefined {
    try {
      return { path, sizeBytes: statSync(join(this.#root, path)).size };
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

/** Writes, and where a folder of it is missing, makes them and writes again. */
function writeIntoFolders(write: () => void, folders: readonly string[]): void {
  try {
    write();
  } catch (error) {
    if (!isMissing(error)) throw error;
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    write();
  }
}
