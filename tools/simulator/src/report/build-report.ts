import { outputs } from '@handoff/catalogue';
import { isoInstant } from '@handoff/contracts';
import { worstStateOf } from '@handoff/ledger';
import { invariants } from '../invariants/invariants.ts';
import { judge, type Evidence, type JudgedFault } from '../invariants/invariant.ts';
import type { LedgerEntry } from '../outcome/read-ledger.ts';
import type { FaultedOutcome, Outcome } from '../outcome/outcome.ts';
import { rowOf } from '../scenario/fault-table.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { incidentsOfFaults } from './incidents.ts';
import type { SimulationReport } from './report.ts';

/** The verdict on a run, beside a clean run of the same dates. `wallSeconds` is the caller's to fill in. */
export function buildReport(scenario: Scenario, run: FaultedOutcome, clean: Outcome, simulatedHours: number): SimulationReport {
  const evidence: Evidence = { run, clean, faults: judgedFaults(run), coverageMin: thresholdOf(scenario), told: scenario.told };
  const judged = invariants.map((invariant) => judge(invariant, evidence));
  const faults = run.faults.map(({ fault, fired }) => ({ target: fault.target, kind: fault.kind, fired }));
  const { name, seed, sport, from, to } = scenario;
  return {
    schema: 'handoff.simulation/1',
    scenario: { name, seed, sport, from, to },
    ok: judged.every(({ held }) => held) && faults.every(({ fired }) => fired > 0),
    faults,
    invariants: judged.map(({ name: invariant, held, violations, notJudged }) => ({ name: invariant, held, violations: [...violations], ...(notJudged === undefined ? {} : { notJudged }) })),
    incidents: [...incidentsOfFaults(evidence)],
    alerts: run.alerts.map(({ at, channel, severity, cause, subject, title, count }) => ({ at: isoInstant(at), channel, severity, cause, subject, title, count })),
    coverage: coverageOf(run.ledger),
    counts: run.counts,
    rows: run.contents.tables.map(({ table, rows, digest }) => ({ table, rows, digest })),
    simulatedHours,
    wallSeconds: 0,
  };
}

/** The faults that struck, with their rows of the table. */
export const judgedFaults = (run: FaultedOutcome): readonly JudgedFault[] =>
  run.faults.flatMap(({ fault, fired, firstAt, lastAt }): JudgedFault[] => {
    const row = rowOf(fault.kind, fault.target);
    return row === undefined || firstAt === undefined || lastAt === undefined ? [] : [{ fault, row, fired, firstAt, lastAt }];
  });

const thresholdOf = ({ config }: Scenario): number | undefined => (config['COVERAGE_THRESHOLD_PCT'] === undefined ? undefined : Number(config['COVERAGE_THRESHOLD_PCT']) / 100);

function coverageOf(ledger: readonly LedgerEntry[]): SimulationReport['coverage'] {
  const dates = [...new Set(ledger.map(({ gameDate }) => gameDate))];
  return dates.flatMap((gameDate) => outputs.flatMap(({ name }) => {
    const entries = ledger.filter((entry) => entry.gameDate === gameDate && entry.output === name);
    const expected = entries.filter(({ state }) => state !== 'EMPTY_OK');
    const state = worstStateOf(entries.map((entry) => entry.state));
    return state === undefined ? [] : [{ gameDate, output: name, expected: expected.length, present: expected.filter((entry) => entry.state === 'COMPLETE' || entry.state === 'DEGRADED').length, state }];
  }));
}
