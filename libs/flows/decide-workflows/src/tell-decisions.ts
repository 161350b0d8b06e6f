import type { EpochMs, GameDate, PipelineError } from '@handoff/contracts';
import type { Alert, FlowContext } from '@handoff/ports';
import { resourceOf } from '@handoff/waiting-work';
import type { WorkflowDecision } from './controller-facts.ts';
import { notFoundInTime } from './rules.ts';

/** Tells people of what was not decided, not found or not collected, and that it is over when it is. */
export async function tellDecisions(decisions: readonly WorkflowDecision[], collected: readonly GameDate[], { ports }: FlowContext): Promise<void> {
  const { notifier, clock } = ports;
  const at = clock.now();
  for (const decision of decisions) {
    const alert = alertOf(decision, at);
    if (alert !== undefined) await notifier.alert(alert);
    if (decision.action !== 'ABORT') await notifier.resolve('workflow-aborted', decision.workflow, at);
    if (decision.reason === 'found') await notifier.resolve('discovery-exhausted', `${decision.workflow} ${decision.from}`, at);
  }
  for (const date of collected) await notifier.resolve('games-not-collected', date, at);
}

/** A table that refuses to tell what is collected is told of at once, though the controller goes on; and is over in the hour in which it tells again. */
export async function tellUnread(unread: PipelineError | undefined, before: string | null, { ports: { notifier, clock }, log }: FlowContext): Promise<void> {
  const at = clock.now();
  const resource = unread === undefined ? null : resourceOf(unread);
  if (before !== null && before !== resource) await notifier.resolve('platform-fault', before, at);
  if (unread === undefined || resource === null) return;
  log.warn({ error: unread, code: unread.code }, 'what is collected is not known');
  const { code, message, facts, disposition } = unread;
  if (disposition === 'defer') await notifier.alert({ cause: 'platform-fault', subject: resource, severity: 'critical', title: `${resource}: ${code}`, facts: { ...facts, code, message }, at });
}

function alertOf(decision: WorkflowDecision, at: EpochMs): Alert | undefined {
  const { workflow, action, reason, from, targetGames, alertLevel } = decision;
  if (alertLevel !== 'CRITICAL' && alertLevel !== 'WARNING') return undefined;
  const severity = alertLevel === 'CRITICAL' ? 'critical' : 'warning';
  const facts = { workflow, reason, games: targetGames };
  if (action === 'SKIP' || reason === notFoundInTime) return { cause: 'discovery-exhausted', subject: `${workflow} ${from}`, severity, title: `${workflow} found nothing for ${from}`, facts, at };
  switch (action) {
    case 'ABORT':
      return { cause: 'workflow-aborted', subject: workflow, severity, title: `${workflow} was not decided`, facts, at };
    case 'RUN':
      return { cause: 'games-not-collected', subject: from, severity, title: `${targetGames.length} final games of ${from} have no box score`, facts, at };
  }
}
