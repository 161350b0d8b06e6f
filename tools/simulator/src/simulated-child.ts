// A process of its own for determinism.spec.ts: lives through the specs' scenario in a folder and prints the report.
import { createLog } from '@handoff/logging';
import { madeUpSeason } from '@handoff/sources-recorded';
import { simulatedWords } from './simulated-words.ts';
import { Simulator } from './simulate.ts';

const [folder = ''] = process.argv.slice(2);
const simulator = new Simulator({ season: madeUpSeason(simulatedWords.season), folder, codeVersion: 'spec', log: (clock) => createLog({ level: 'silent', clock, stream: process.stderr }) });
process.stdout.write(JSON.stringify(await simulator.run(simulatedWords.scenario)));
