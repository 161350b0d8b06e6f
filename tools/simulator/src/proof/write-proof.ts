import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hashOf } from '@handoff/contracts';
import { createLog } from '@handoff/logging';
import { loadRecordings } from '@handoff/sources-recorded';
import { runRandomly } from '../random/random-runs.ts';
import { parseScenario } from '../scenario/scenario.ts';
import { Simulator } from '../simulate.ts';
import { proofPage, type ProvenScenario } from './proof-page.ts';

const folder = 'tools/simulator/scenarios';

/** `npm run proof [-- RUNS]`: lives through every kept scenario, and through some drawn ones, and writes docs/proof.md. */
export async function main(args: readonly string[]): Promise<void> {
  const season = loadRecordings('tools/local/recordings/nba');
  const simulator = new Simulator({ season, folder: 'dist/simulator', codeVersion: hashOf(readFileSync(fileURLToPath(import.meta.url), 'utf8')), log: (clock) => createLog({ level: 'silent', clock, stream: process.stderr }) });
  const scenarios: ProvenScenario[] = [];
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json')).sort()) {
    const report = await simulator.run(parseScenario(readFileSync(`${folder}/${name}`, 'utf8'), name));
    process.stderr.write(`${name}: ${report.ok ? 'ok' : 'not ok'}\n`);
    scenarios.push({ file: name.replace(/\.json$/, ''), report });
  }
  const runs = Number(args[0] ?? 0);
  const random = runs === 0 ? undefined : await runRandomly({ simulator, season, runs, seed: 1, days: 7, profile: 'default', folder: 'dist/simulator/failed', onRun: ({ seed, ok }) => { process.stderr.write(`seed ${seed}: ${ok ? 'ok' : 'not ok'}\n`); } });
  writeFileSync('docs/proof.md', proofPage({ scenarios, random }));
}
