import { workflowHealthDefaults, type AlertCause } from '@handoff/catalogue';
import type { Sport } from '@handoff/contracts';
import { loadPhaseHealth, loadWorkflowHealth, severityOf, type HealthReport } from '@handoff/pipeline-health';
import type { FlowContext, FlowReport, Ports, StateDocument, StateRef } from '@handoff/ports';
import { sendAgain } from './send-again.ts';

/** `workflow-health`: looks back over the hours of its job, and tells what it finds of each check; a check that is well again is resolved. */
export async function checkWorkflows(sport: Sport, { ports }: FlowContext): Promise<FlowReport> {
  const { jobLookBackHours, jobGapThreshold } = workflowHealthDefaults;
  return tell({ report: await loadWorkflowHealth(ports, { sport, lookBackHours: jobLookBackHours, gapThreshold: jobGapThreshold, isReview: false }), cause: 'workflow-unhealthy' }, ports);
}

/** `phase-monitor`: looks at where the hand-offs of tonight and of last night stand, and sends again what nobody has taken up. */
export async function checkPhases(sport: Sport, context: FlowContext): Promise<FlowReport> {
  const report = await loadPhaseHealth(context.ports, sport);
  // Told first: sending may take long where the bus does not answer.
  const { outcome, facts } = await tell({ report, cause: 'phase-unhealthy' }, context.ports);
  const sentAgain = await sendAgain(report.runs, context);
  return { outcome, facts: { ...facts, ...(sentAgain === 0 ? {} : { sentAgain }) } };
}

/** `health_looks`: which checks of a monitor were told of, so that only those are resolved: nearly always none. */
interface LookDocument extends StateDocument {
  readonly told: readonly string[];
}

interface Told {
  readonly report: HealthReport;
  readonly cause: Extract<AlertCause, 'workflow-unhealthy' | 'phase-unhealthy'>;
}

/** One alert for each check that is not well. The answer has every check with its severity, for whoever asks over HTTP. */
async function tell({ report, cause }: Told, { notifier, state }: Ports): Promise<FlowReport> {
  const ref: StateRef = { collection: 'health_looks', id: cause };
  const before = (await state.get<LookDocument>(ref))?.value.told ?? [];
  const told = report.checks.filter(({ severity }) => severity !== 'ok');
  const names = told.map(({ name }) => name);
  // Noted before it is told: what a crash leaves untold is told by the next look, and what was told is always resolved.
  if (names.join() !== before.join()) await state.batch([{ kind: 'set', ref, value: { told: [...new Set([...before, ...names])] } satisfies LookDocument }]);
  for (const { name, severity, summary, evidence } of told) if (severity !== 'ok') await notifier.alert({ cause, subject: name, severity, title: summary, facts: { check: name, ...evidence }, at: report.at });
  const over = before.filter((name) => !names.some((known) => known === name));
  for (const name of over) await notifier.resolve(cause, name, report.at);
  if (over.length > 0) await state.batch([{ kind: 'set', ref, value: { told: names } satisfies LookDocument }]);
  const severity = severityOf(report);
  return { outcome: severity === 'ok' ? 'healthy' : 'unhealthy', facts: { severity, ...Object.fromEntries(report.checks.map((check) => [check.name, check.severity])) } };
}
