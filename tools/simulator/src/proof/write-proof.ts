import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hashOf } from '@handoff/contracts';
import type { Gap } from '@handoff/ledger';
import { spanOfRun } from '@handoff/local';
import { createLog } from '@handoff/logging';
import { loadRecordings } from '@handoff/sources-recorded';
import { runRandomly } from '../random/random-runs.ts';
import { parseScenario, type Scenario } from '../scenario/scenario.ts';
import { Simulator } from '../simulate.ts';
import { ledgerPicture, type PictureFrame } from './ledger-picture.ts';
import { proofPage, type ProvenScenario } from './proof-page.ts';

const folder = 'tools/simulator/scenarios';
/** The scenario whose gaps docs/healing.md shows. */
const badWeek = 'healing-a-bad-week.json';

function frameOf({ from, to }: Scenario): Pick<PictureFrame, 'from' | 'until'> {
  const { startAt, endAt } = spanOfRun(from, to);
  return { from: startAt, until: endAt };
}

/** `npm run proof [-- RUNS]`: lives through every kept scenario, and through some drawn ones, and writes docs/proof.md. */
export async function main(args: readonly string[]): Promise<void> {
  const season = loadRecordings('tools/local/recordings/nba');
  let gaps: readonly Gap[] = [];
  const simulator = new Simulator({ season, folder: 'dist/simulator', codeVersion: hashOf(readFileSync(fileURLToPath(import.meta.url), 'utf8')), log: (clock) => createLog({ level: 'silent', clock, stream: process.stderr }), onOutcome: (outcome) => { gaps = outcome.gaps; } });
  const scenarios: ProvenScenario[] = [];
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json')).sort()) {
    const parsed = parseScenario(readFileSync(`${folder}/${name}`, 'utf8'), name);
    const report = await simulator.run(parsed);
    process.stderr.write(`${name}: ${report.ok ? 'ok' : 'not ok'}\n`);
    if (name === badWeek) writeFileSync('docs/healing-week.svg', ledgerPicture(gaps, { ...frameOf(parsed), title: 'The gap ledger of a bad week' }));
    scenarios.push({ file: name.replace(/\.json$/, ''), report });
  }
  const runs = Number(args[0] ?? 0);
  const random = runs === 0 ? undefined : await runRandomly({ simulator, season, runs, seed: 1, days: 7, profile: 'default', folder: 'dist/simulator/failed', onRun: ({ seed, ok }) => { process.stderr.write(`seed ${seed}: ${ok ? 'ok' : 'not ok'}\n`); } });
  writeFileSync('docs/proof.md', proofPage({ scenarios, random }));
}
