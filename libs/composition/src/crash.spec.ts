import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedBus } from '@handoff/bus-embedded';
import { EmbeddedStateStore, openEmbeddedEnvironment, type Durability } from '@handoff/state-embedded';
import { ManualClock } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killedBus } from './killed-bus.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'handoff-killed-')); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

/** Lets a process write until it has acknowledged `atLeast` rounds, kills it, and tells the last round that it acknowledged. */
async function killAfter(file: string, atLeast: number, durability: Durability): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('killed-writer.ts', import.meta.url)), file, durability], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (Number(output.trimEnd().split('\n').at(-1)) >= atLeast) child.kill('SIGKILL');
  });
  await once(child, 'close');
  // The last line may be cut off; the one before is whole.
  return Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1));
}

describe.each<[Durability, number]>([['process', 1], ['process', 500], ['process', 3_000], ['disk', 60]])('a process that writes with durability %s and is killed after %i rounds', (durability, rounds) => {
  it('leaves everything that it had acknowledged, and no batch by half', async () => {
    const file = join(folder, 'state.lmdb');
    const acknowledged = await killAfter(file, rounds, durability);
    expect(acknowledged).toBeGreaterThanOrEqual(rounds);
    const environment = openEmbeddedEnvironment(file);
    try {
      const state = new EmbeddedStateStore(environment);
      const written = new Set((await state.query({ collection: 'written' })).map(({ ref }) => ref.id));
      for (let number = 1; number <= acknowledged; number += 1) expect(written.has(`${number}-first`) && written.has(`${number}-second`)).toBe(true);
      // The process was a round further at most when it was killed, with both documents of it or none.
      expect(written.size % 2).toBe(0);
      const count = (await state.get<{ count: number }>({ collection: 'counters', id: 'written' }))?.value.count ?? 0;
      expect(count).toBeGreaterThanOrEqual(acknowledged);

      const bus = new EmbeddedBus({ transaction: environment, clock: new ManualClock(), ...killedBus });
      const delivered = new Set<number>();
      while (await bus.deliverNext(async ({ message }) => { delivered.add(Number(message.key)); return 'ack'; }));
      // One message in three was acknowledged, the oldest first.
      for (let number = Math.floor((acknowledged + 1) / 3) + 1; number <= acknowledged; number += 1) expect(delivered.has(number)).toBe(true);
      expect(delivered.has(Math.floor(acknowledged / 3))).toBe(false);
      await state.create({ collection: 'written', id: 'after' }, {});
    } finally {
      await environment.close();
    }
  });
});
