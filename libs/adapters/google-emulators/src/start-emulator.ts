import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { PipelineError } from '@handoff/contracts';
import { findEmulator, type EmulatorMissing, type EmulatorName } from './find-emulator.ts';

/** An emulator that answers. */
export interface RunningEmulator {
  readonly kind: 'running';
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Resolves when the process is gone. */
  readonly stop: () => Promise<void>;
}

const readyWithinMs = 60_000;
const pollMs = 25;
/**
 * Below the ports that systems give to whoever asks for any (Linux from 32768 on, others from 49152): an emulator takes
 * seconds until it listens, and another server, of another test, could be given its port meanwhile and answer for it.
 */
const ports = { from: 20_000, until: 32_000 } as const;
const portsTried = 20;

/**
 * Passes its arguments on as a command, and ends it when its own standard input ends: that is when this process
 * is gone, in whatever way it went. The shell's own background processes read nothing, hence the third descriptor.
 */
const untilInputEnds = 'exec 3<&0; "$@" 3<&- & emulator=$!; (cat <&3 >/dev/null; kill -9 $emulator 2>/dev/null) & exec 3<&-; wait $emulator';

/**
 * Starts Google's emulator on a free port of the loopback interface, and waits until it answers. It is empty, in
 * memory, and ends with this process at the latest.
 *
 * @throws `emulator-not-started` (retry) when it ends early or does not answer within a minute, with what it said.
 */
export async function startEmulator(name: EmulatorName, environment: Readonly<Record<string, string | undefined>> = process.env): Promise<RunningEmulator | EmulatorMissing> {
  const command = findEmulator(name, environment);
  if (command.kind === 'not-installed') return command;
  const port = await freePort();
  const child = spawn('sh', ['-c', untilInputEnds, 'sh', command.java, ...command.argumentsOn(port)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = lastWordsOf(child);
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  if (await answers(port, () => child.exitCode !== null || child.signalCode !== null)) return { kind: 'running', host: '127.0.0.1', port, stop };
  await stop();
  throw new PipelineError({ code: 'emulator-not-started', disposition: 'retry', message: `the ${name} emulator did not start: ${said()}`, facts: { emulator: name, port } });
}

async function answers(port: number, hasEnded: () => boolean): Promise<boolean> {
  const deadline = performance.now() + readyWithinMs;
  while (!hasEnded() && performance.now() < deadline) {
    const status = await fetch(`http://127.0.0.1:${port}/`).then((response) => response.status, () => undefined);
    if (status === 200) return !hasEnded();
    await pause(pollMs);
  }
  return false;
}

/** @throws `emulator-not-started` (retry) when every port that was tried has somebody on it. */
async function freePort(): Promise<number> {
  for (let tried = 0; tried < portsTried; tried += 1) {
    const port = randomInt(ports.from, ports.until);
    if (await isFree(port)) return port;
  }
  throw new PipelineError({ code: 'emulator-not-started', disposition: 'retry', message: `none of ${portsTried} ports between ${ports.from} and ${ports.until} is free on 127.0.0.1`, facts: { ...ports } });
}

/** Nobody listens on it. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => { resolve(false); });
    server.listen(port, '127.0.0.1', () => { server.close(() => { resolve(true); }); });
  });
}

/** Keeps the end of what a process writes, and reads the rest away, so that its pipes never fill. */
function lastWordsOf(child: ChildProcess): () => string {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => { said = `${said}${chunk.toString()}`.slice(-2_000); });
  return () => said.trim();
}
