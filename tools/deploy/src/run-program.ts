import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipelineError } from '@handoff/contracts';
import type { Ran } from './look.ts';
import type { Command } from './step.ts';

/**
 * Runs a program to its end, without a shell.
 *
 * @throws `cloud-command-missing` (reject) where it is not installed.
 */
export function runProgram({ argv: [program, ...args], stdin }: Command, environment: Readonly<Record<string, string | undefined>> = process.env): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const input = stdin === undefined ? null : readable(stdin);
    const child = spawn(program, args, { env: environment, stdio: [input ?? 'ignore', 'pipe', 'pipe'] });
    if (input !== null) closeSync(input);
    const said = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => { said.stdout += text; });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { said.stderr += text; });
    child.on('error', (cause) => {
      reject(new PipelineError({ code: 'cloud-command-missing', disposition: 'reject', message: `${program} cannot be run: install Google Cloud's command line tools, or put them on PATH`, cause }));
    });
    child.on('close', (exitCode) => { resolve({ exitCode: exitCode ?? -1, ...said }); });
  });
}

/** A file that has no name any more, not a pipe: Node's pipes are sockets, and gcloud cannot open one as /dev/stdin. */
function readable(text: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-stdin-'));
  try {
    const path = join(folder, 'text');
    writeFileSync(path, text, { mode: 0o600 });
    return openSync(path, 'r');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
