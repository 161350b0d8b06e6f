import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL of our own in a temporary folder, reached over a Unix socket. */
export interface PostgresCluster {
  readonly host: string;
  readonly user: string;
  readonly version: string;
  /** Stops it and removes its folder. */
  stop(): void;
}

/**
 * What it is tuned with, beside its defaults: room in memory, no checkpoint during the run, and connections for
 * all pools. `fsync`, `full_page_writes` and `synchronous_commit` stay on: what it acknowledges is flushed.
 */
export const postgresSettings = {
  shared_buffers: '512MB', synchronous_commit: 'on', wal_buffers: '16MB', max_wal_size: '8GB', checkpoint_timeout: '30min', max_connections: '120', jit: 'off', listen_addresses: '',
} as const;

const user = 'postgres';

/** The folder of its programs; undefined where PostgreSQL is not installed. */
export function postgresPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const newestFirst = existsSync(debian) ? readdirSync(debian).sort((left, right) => Number(right) - Number(left)).map((version) => join(debian, version, 'bin')) : [];
  return [...newestFirst, ...(process.env['PATH'] ?? '').split(':')].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
}

/** Makes a cluster and starts it. It refuses to run as root, so that root runs it as the user that Debian's package makes. */
export function startPostgres(programs: string): PostgresCluster {
  const isRoot = process.getuid?.() === 0;
  const folder = mkdtempSync(join(tmpdir(), 'handoff-pg-'));
  if (isRoot) chownSync(folder, Number(execFileSync('id', ['-u', user], { encoding: 'utf8' })), Number(execFileSync('id', ['-g', user], { encoding: 'utf8' })));
  const run = (program: string, ...rest: readonly string[]): void => {
    const command = [join(programs, program), ...rest];
    const [first = '', ...others] = isRoot ? ['runuser', '-u', user, '--', ...command] : command;
    execFileSync(first, others, { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder });
  };
  const dataFolder = join(folder, 'data');
  run('initdb', '-D', dataFolder, '-U', user, '-A', 'trust', '-E', 'UTF8', '--no-locale');
  const settings = Object.entries({ ...postgresSettings, unix_socket_directories: folder }).map(([name, value]) => `-c ${name}=${value === '' ? "''" : value}`);
  run('pg_ctl', '-D', dataFolder, '-l', join(folder, 'log'), '-o', settings.join(' '), '-w', 'start');
  return {
    host: folder,
    user,
    version: execFileSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' }).trim().replace(/^.*\) /, ''),
    stop() {
      run('pg_ctl', '-D', dataFolder, '-m', 'fast', '-w', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
