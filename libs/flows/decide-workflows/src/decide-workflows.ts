import { workflows, type Workflow } from '@handoff/catalogue';
import { after, before, hasCode, hours, type EpochMs, type Sport, type WorkflowDecisionRow } from '@handoff/contracts';
import { decisionIdOf, evaluationRef, scrapeRequestsOf, type EvaluationDocument } from '@handoff/decision-state';
import { writeLogRows } from '@handoff/log-rows';
import { commitWithOutbox, type OutboxEntry } from '@handoff/outbox';
import type { FlowContext, FlowReport, Log, StateRef } from '@handoff/ports';
import { resourceOf } from '@handoff/waiting-work';
import type { ControllerFacts, WorkflowDecision } from './controller-facts.ts';
import { decideWorkflow, undecided } from './decide-workflow.ts';
import { loadFacts } from './load-facts.ts';
import { collectedDates } from './rules.ts';
import { tellDecisions, tellUnread } from './tell-decisions.ts';

interface Evaluation extends EvaluationDocument<WorkflowDecision> {
  /** What refused to tell what is collected; null where nothing did. */
  readonly unread: string | null;
}

/**
 * Decides every workflow once per hour, however often it is called: the decisions and their scrape requests
 * are one atomic batch under the hour's name. A second call in the hour, or one after a crash, writes the
 * rows of what was decided then. It never answers with no decisions: what it cannot read it throws. A log that cannot
 * be written stops nothing: its rows come later.
 */
export async function decideWorkflows(sport: Sport, context: FlowContext): Promise<FlowReport> {
  const { ports, log } = context;
  const now = ports.clock.now();
  const ref = evaluationRef(sport, now);
  const known = await ports.state.get<Evaluation>(ref);
  const evaluation = known?.value ?? (await evaluate(sport, ref, context));
  await writeLogRows(ports, log, { table: 'nba_orchestration.workflow_decisions', rows: evaluation.decisions.map((decision) => rowOf(decision, sport, evaluation.decidedAt)) });
  await tellDecisions(evaluation.decisions, evaluation.collected, context);
  const count = (action: string): number => evaluation.decisions.filter((decision) => decision.action === action).length;
  log.info({ hour: ref.id, run: count('RUN'), skip: count('SKIP'), abort: count('ABORT') }, 'workflows decided');
  return { outcome: 'decided', facts: { run: count('RUN'), skip: count('SKIP'), abort: count('ABORT') } };
}

async function evaluate(sport: Sport, ref: StateRef, context: FlowContext): Promise<Evaluation> {
  const { ports, log, correlationId } = context;
  const now = ports.clock.now();
  const { facts, unread } = await loadFacts(ports, now);
  await tellUnread(unread, await unreadBefore(sport, context), context);
  const decisions = workflows.map((workflow) => decideAlone(workflow, facts, log));
  const evaluation: Evaluation = { decisions, collected: collectedDates(facts), decidedAt: now, unread: unread === undefined ? null : resourceOf(unread) };
  const entries = decisions.flatMap((decision) => requestsOf(decision, { sport, now, correlationId }));
  try {
    await commitWithOutbox(ports, { now, entries, writes: [{ kind: 'create', ref, value: evaluation }] });
  } catch (error) {
    const winner = hasCode(error, 'state-already-exists') ? await ports.state.get<Evaluation>(ref) : undefined;
    if (winner === undefined) throw error;
    return winner.value;
  }
  return evaluation;
}

/** A rule that fails is a mistake of ours, and one workflow's: the others are decided, and people hear of it (requirement F001). */
export function decideAlone(workflow: Workflow, facts: ControllerFacts, log: Log): WorkflowDecision {
  try {
    return decideWorkflow(workflow, facts);
  } catch (error) {
    log.error({ error, workflow: workflow.name }, 'a workflow could not be decided');
    return undecided(workflow, facts.now);
  }
}

/** What could not be read in the hour before, which people were told of. */
async function unreadBefore(sport: Sport, { ports: { state, clock } }: FlowContext): Promise<string | null> {
  return (await state.get<Evaluation>(evaluationRef(sport, before(clock.now(), hours(1)))))?.value.unread ?? null;
}

const requestsOf = (decision: WorkflowDecision, { sport, now, correlationId }: { sport: Sport; now: EpochMs; correlationId: string }): readonly OutboxEntry[] =>
  scrapeRequestsOf(decision, { sport, decidedAt: now }).map((payload) => ({ topic: 'scrape-requests', message: { key: payload.requestId, payload, correlationId: `${correlationId}_${decision.workflow}` } }));

function rowOf(decision: WorkflowDecision, sport: Sport, decidedAt: EpochMs): WorkflowDecisionRow {
  return {
    decision_id: decisionIdOf(sport, decidedAt, decision.workflow),
    decision_time: decidedAt,
    workflow_name: decision.workflow,
    action: decision.action,
    reason: decision.reason,
    context: { from: decision.from, until: decision.until },
    scrapers_triggered: [...decision.scrapers],
    target_games: [...decision.targetGames],
    next_check_time: after(decidedAt, hours(1)),
    priority: decision.priority,
    alert_level: decision.alertLevel,
    triggered_by: 'schedule',
  };
}
