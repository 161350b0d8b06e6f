// Prints a collection of a run's state: show-state.mts <collection> [folder]. Only while no other process holds the folder.
import { existsSync } from 'node:fs';
import { showState } from '../src/show-state.ts';

// A reader that has seen enough, such as head, closes the pipe.
process.stdout.on('error', () => { process.exit(); });

const [collection, folder = '.handoff'] = process.argv.slice(2);
if (collection === undefined || !existsSync(`${folder}/state.lmdb`)) {
  process.stderr.write(collection === undefined ? 'name a collection, such as incidents\n' : `${folder} holds no run\n`);
  process.exitCode = 64;
} else {
  for (const [id, value] of await showState(folder, collection)) process.stdout.write(`${id} ${JSON.stringify(value, null, 2)}\n`);
}
