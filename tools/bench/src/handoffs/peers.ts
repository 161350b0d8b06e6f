import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';

const peersFolder = (root: string): string => join(root, 'tools', 'bench', 'peers');

/** Installs the queues that we compare with, once, beside the benchmark: `npm ci` at the root stays as lean as it is. */
export function installPeers(root: string): void {
  const folder = peersFolder(root);
  if (existsSync(join(folder, 'node_modules', 'pg-boss', 'package.json'))) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

export function peerVersion(root: string, name: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(peersFolder(root), 'node_modules', name, 'package.json'), 'utf8'))).version;
}

/** As much of `pg` as the benchmark uses. */
export interface PgPool {
  query<Row>(query: { readonly name?: string; readonly text: string; readonly values?: readonly unknown[] }): Promise<{ readonly rows: readonly Row[] }>;
  end(): Promise<void>;
}
interface Pg {
  readonly Pool: new (options: { readonly host: string; readonly user: string; readonly database: string; readonly max: number }) => PgPool;
}

/** As much of pg-boss as the benchmark uses. */
export interface Boss {
  start(): Promise<unknown>;
  stop(options: { readonly graceful: boolean }): Promise<void>;
  createQueue(name: string): Promise<void>;
  fetch(name: string, options: { readonly batchSize: number; readonly priority: boolean }): Promise<readonly { readonly id: string; readonly data: { readonly key: string } }[]>;
  complete(name: string, ids: readonly string[]): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): void;
}
type PgBoss = new (options: { readonly host: string; readonly user: string; readonly database: string; readonly max: number }) => Boss;

/** As much of graphile-worker as the benchmark uses. */
interface GraphileWorker {
  readonly Logger: new (factory: () => (level: string, text: string) => void) => object;
  readonly run: (options: object) => Promise<{ stop(): Promise<void> }>;
}

const loaded = (root: string, name: string): unknown => createRequire(join(peersFolder(root), 'package.json'))(name);

export const loadPg = (root: string): Pg => loaded(root, 'pg') as Pg;
export const loadPgBoss = (root: string): PgBoss => loaded(root, 'pg-boss') as PgBoss;
export const loadGraphileWorker = (root: string): GraphileWorker => loaded(root, 'graphile-worker') as GraphileWorker;
