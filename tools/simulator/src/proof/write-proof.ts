import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashOf, PipelineError } from '@handoff/contracts';
import type { Gap } from '@handoff/ledger';
import { spanOfRun } from '@handoff/local';
import { createLog } from '@handoff/logging';
import { loadRecordings } from '@handoff/sources-recorded';
import { z } from 'zod';
import { ScenarioRunsReport } from '../kept/scenario-lanes.ts';
import { LaneReport } from '../random/random-lanes.ts';
import { parseScenario } from '../scenario/scenario.ts';
import { Simulator } from '../simulate.ts';
import { ledgerPicture } from './ledger-picture.ts';
import { proofPage } from './proof-page.ts';

/** The scenario whose gaps docs/healing.md shows. */
const badWeek = 'tools/simulator/scenarios/healing-a-bad-week.json';

/** Where the reports are that the proof is made of, as `handoff simulate --json` printed them. */
export interface ProofFiles {
  readonly root: string;
  readonly scenarios: string;
  /** Reports of drawn scenarios, and of every fault by itself. */
  readonly others: readonly string[];
}

/**
 * Writes docs/proof.md from reports, and lives through the bad week once more for the picture of its ledger.
 *
 * @throws `usage` (reject) for a file that is none of these reports; nothing is written then.
 */
export async function writeProof({ root, scenarios, others }: ProofFiles): Promise<void> {
  const kept = reportOf(ScenarioRunsReport, scenarios, 'simulate --scenario FOLDER --json');
  const reports = others.map((file) => reportOf(z.union([LaneReport, ScenarioRunsReport]), file, 'simulate --seed N --json, or of --every-fault --json'));
  const singleFaults = reports.find((report) => report.schema === 'handoff.scenarios/1');
  const drawn = reports.filter((report) => report.schema === 'handoff.simulations/1');
  writeFileSync(join(root, 'docs/proof.md'), proofPage({ scenarios: kept.runs, drawn, ...(singleFaults === undefined ? {} : { singleFaults }) }));
  writeFileSync(join(root, 'docs/healing-week.svg'), await badWeekPicture(root));
}

async function badWeekPicture(root: string): Promise<string> {
  let gaps: readonly Gap[] = [];
  const simulator = new Simulator({
    season: loadRecordings(join(root, 'tools/local/recordings/nba')), folder: join(root, 'dist/simulator'), codeVersion: hashOf(readFileSync(fileURLToPath(import.meta.url), 'utf8')),
    log: (clock) => createLog({ level: 'silent', clock, stream: process.stderr }),
    onOutcome: (outcome) => { gaps = outcome.gaps; },
  });
  const scenario = parseScenario(readFileSync(join(root, badWeek), 'utf8'), badWeek);
  await simulator.run(scenario);
  const { startAt, endAt } = spanOfRun(scenario.from, scenario.to);
  return ledgerPicture(gaps, { from: startAt, until: endAt, title: 'The gap ledger of a bad week' });
}

/** @param command - what prints such a report, for people. */
function reportOf<Report>(schema: z.ZodType<Report>, file: string, command: string): Report {
  const refused = (problem: string, cause: unknown): PipelineError => new PipelineError({ code: 'usage', disposition: 'reject', message: `${file} is no report of handoff ${command}: ${problem}`, facts: { file }, cause });
  const parsed = schema.safeParse(jsonOf(file, refused));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refused(issue === undefined ? 'its shape is another' : `${issue.path.join('.')}: ${issue.message}`, parsed.error);
}

function jsonOf(file: string, refused: (problem: string, cause: unknown) => PipelineError): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refused(cause instanceof Error ? cause.message : 'it cannot be read', cause);
  }
}
