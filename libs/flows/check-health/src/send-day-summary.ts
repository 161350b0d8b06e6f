import type { EpochMs, Sport } from '@handoff/contracts';
import { loadDaySummary } from '@handoff/pipeline-health';
import type { Bulletin, FlowContext, FlowReport } from '@handoff/ports';
import type { DaySummary } from '@handoff/validation';

const severities: Readonly<Record<DaySummary['status'], Bulletin['severity']>> = { HEALTHY: 'info', WARNING: 'warning', CRITICAL: 'critical' };

/** Tells people how the pipeline is, once for each time at which that is due; what is wrong has its own incidents besides. */
export async function sendDaySummary({ sport, dueAt }: { readonly sport: Sport; readonly dueAt: EpochMs }, { ports }: FlowContext): Promise<FlowReport> {
  const { status, sections, gameDate, at } = await loadDaySummary(ports, sport, dueAt);
  const marked = sections.map(({ name, severity, text }): readonly [string, string] => [name, severity === 'ok' ? text : `${severity.toUpperCase()}: ${text}`]);
  const isTold = await ports.notifier.post({
    name: 'daily-health-summary', subject: gameDate, severity: severities[status], headline: `${status}: the pipeline on the morning of ${gameDate}`, meaning: 'The daily summary: what the night has left.',
    facts: Object.fromEntries(marked), page: 'docs/monitoring.md', command: 'npx handoff health', at,
  });
  return { outcome: isTold ? 'sent' : 'nobody-told', facts: { status, ...Object.fromEntries(sections.map(({ name, severity }) => [name, severity])) } };
}
