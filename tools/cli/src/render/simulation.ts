import type { ScenarioRunsReport, SimulationReport } from '@handoff/simulator';
import pc from 'picocolors';
import { table } from './table.ts';

/** A report for people: the verdict first, then what it is made of. */
export function renderSimulation(report: SimulationReport): string {
  const { scenario, faults, invariants, incidents, counts } = report;
  const violated = invariants.filter(({ held }) => !held);
  return [
    `${pc.bold(scenario.name)}: ${scenario.from} to ${scenario.to}, seed ${scenario.seed}`,
    section('Faults', ['target', 'kind', 'fired'], faults.map(({ target, kind, fired }) => [target, kind, String(fired)])),
    section('Incidents', ['cause', 'target', 'opened (UTC)', 'detected after (min)', 'over after (min)', 'healed by'], incidents.map((incident) => [
      incident.cause, incident.target, minuteOf(incident.openedAt), incident.detectionMinutes === null ? '' : String(incident.detectionMinutes), minutesOpen(incident), incident.healedBy,
    ])),
    section('Alerts', ['at (UTC)', 'channel', 'severity', 'cause', 'subject', 'count'], report.alerts.map((alert) => [minuteOf(alert.at), alert.channel, alert.severity, alert.cause, alert.subject, String(alert.count)])),
    lackingOutputs(report),
    section('Invariants', ['name', 'held'], invariants.map(({ name, held, notJudged }) => [name, !held ? pc.red('no') : notJudged === undefined ? pc.green('yes') : `not judged: ${notJudged}`])),
    ...violated.map(({ name, violations }) => `${pc.bold(name)}\n${violations.map((violation) => `  ${violation}`).join('\n')}`),
    `${counts.messages} messages, ${counts.redeliveries} redeliveries, ${counts.duplicatesDropped} duplicates dropped, ${counts.deadLetters} dead letters, ${counts.warehouseStatements} warehouse statements`,
    `${report.simulatedHours} simulated hours in ${report.wallSeconds} s`,
    verdictOn(report),
  ].filter((text) => text !== '').join('\n\n');
}

const minuteOf = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

const minutesOpen = ({ openedAt, resolvedAt }: SimulationReport['incidents'][number]): string => (resolvedAt === null ? '' : String(Math.round((Date.parse(resolvedAt) - Date.parse(openedAt)) / 6_000) / 10));

/** What is not there of what was expected, by the ledger. */
function lackingOutputs({ coverage }: SimulationReport): string {
  const lacking = coverage.filter(({ present, expected }) => present < expected);
  if (lacking.length === 0) return 'Every output that was expected is there.';
  return section('Outputs that are not whole', ['date', 'output', 'there', 'state'], lacking.map(({ gameDate, output, present, expected, state }) => [gameDate, output, `${present} of ${expected}`, state]));
}

/** Several reports: each in a line, after all that is known of those that are not ok. */
export function renderScenarioRuns({ ok, runs }: ScenarioRunsReport): string {
  const failed = runs.filter(({ report }) => !report.ok);
  const lines = runs.map(({ file, report }) => [file, report.scenario.name, String(report.faults.reduce((sum, { fired }) => sum + fired, 0)), verdictOn(report)]);
  return [
    ...failed.map(({ report }) => renderSimulation(report)),
    table(['file', 'scenario', 'strikes', 'verdict'], lines),
    ok ? pc.green(`${runs.length} scenarios, all ok`) : pc.red(`${failed.length} of ${runs.length} scenarios not ok`),
  ].join('\n\n');
}

/** A report in a few words: what was violated, and which faults never struck. */
export function verdictOn({ ok, faults, invariants }: SimulationReport): string {
  if (ok) return pc.green('ok');
  const violated = invariants.filter(({ held }) => !held).map(({ name }) => name);
  const silent = faults.filter(({ fired }) => fired === 0).map(({ kind, target }) => `${kind} on ${target} never fired`);
  return pc.red(`not ok: ${[...violated, ...silent].join(', ')}`);
}

const section = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): string => (rows.length === 0 ? '' : `${pc.bold(title)}\n${table(head, rows)}`);
