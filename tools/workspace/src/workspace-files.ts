import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the workspace. */
export const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** Folders that are made, not written. */
const made: ReadonlySet<string> = new Set(['node_modules', 'dist', '.nx', '.git', '.handoff', 'coverage']);

/** Every file that people wrote, as a path from the root with slashes. */
export function workspaceFiles(folder = ''): readonly string[] {
  return readdirSync(join(workspaceRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return made.has(entry.name) ? [] : workspaceFiles(path);
    return entry.isFile() && entry.name !== '.git' ? [path] : [];
  });
}

export const readWorkspaceFile = (path: string): string => readFileSync(join(workspaceRoot, path), 'utf8');

export const isWorkspacePath = (path: string): boolean => statSync(join(workspaceRoot, path), { throwIfNoEntry: false }) !== undefined;

/** TypeScript that ships or runs: no specs. */
export const sourceFiles = (): readonly string[] => workspaceFiles().filter((path) => /^(apps|libs|tools)\//.test(path) && path.endsWith('.ts') && !path.endsWith('.spec.ts'));

export interface Project {
  readonly root: string;
  readonly name: string;
  readonly folder: string;
  readonly tags: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly nx?: { readonly tags?: readonly string[] };
}

/** Every project of the workspace: a package.json below apps, libs or tools. */
export const projects = (): readonly Project[] =>
  workspaceFiles()
    .filter((path) => /^(apps|libs|tools)\/.*package\.json$/.test(path))
    .map((path) => {
      const { name, nx } = JSON.parse(readWorkspaceFile(path)) as Manifest;
      return { root: dirname(path), name, folder: basename(dirname(path)), tags: nx?.tags ?? [] };
    });
