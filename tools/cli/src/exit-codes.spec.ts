import { errorKinds, PipelineError, type ErrorCode } from '@handoff/contracts';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, exitCodes, lookingCommands, usageError } from './exit-codes.ts';
import { programOf, wordsOf } from './main.ts';

const coded = (code: ErrorCode): PipelineError => new PipelineError({ code, disposition: errorKinds[code].disposition, message: 'spec' });
const leaves = (command: Command): readonly Command[] => (command.commands.length === 0 ? [command] : command.commands.flatMap(leaves));
const commands = leaves(programOf({ root: '.' }, () => undefined));
const looking = commands.map(wordsOf).filter((name) => lookingCommands.has(name));

describe('a command that could not look', () => {
  it.each(looking)('%s ends with 3 whatever error it met, and with 64 where the command line is wrong', (name) => {
    for (const code of ['state-permission-denied', 'state-unavailable', 'warehouse-unavailable', 'warehouse-corrupt', 'folder-in-use', 'emulator-missing'] as const) expect(exitCodeOf(coded(code), name)).toBe(3);
    expect(exitCodeOf(new Error('nobody has classified this'), name)).toBe(3);
    expect(exitCodeOf('thrown', name)).toBe(3);
    expect(exitCodeOf(usageError('date-malformed', 'spec'), name)).toBe(64);
  });

  it.each(['replay', 'simulate', 'heal', 'queue retry', ''])('"%s", which does more than look, has failed: 2, but for a folder that it could not open', (name) => {
    expect(exitCodeOf(coded('state-permission-denied'), name)).toBe(2);
    expect(exitCodeOf(new Error('nobody has classified this'), name)).toBe(2);
    expect(exitCodeOf(coded('folder-in-use'), name)).toBe(3);
    expect(exitCodeOf(coded('range-reversed'), name)).toBe(64);
  });
});

it('every command either looks, or runs the pipeline, or changes something and can say so without doing it', () => {
  expect(looking).toHaveLength(lookingCommands.size);
  for (const command of commands) {
    const changes = command.options.some(({ long }) => long === '--dry-run');
    const runs = wordsOf(command) === 'replay';
    expect({ command: wordsOf(command), kinds: [lookingCommands.has(wordsOf(command)), changes, runs].filter(Boolean).length }).toEqual({ command: wordsOf(command), kinds: 1 });
  }
});

it('no two ends are the same', () => { expect(new Set(Object.values(exitCodes)).size).toBe(Object.keys(exitCodes).length); });
