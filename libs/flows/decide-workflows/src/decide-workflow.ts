import { enabledScrapersOf, type Workflow } from '@handoff/catalogue';
import type { ControllerFacts, WorkflowDecision } from './controller-facts.ts';
import { applyRule, type Ruling } from './rules.ts';

/** Reasons to rest that are only as good as the schedule that they were read from. */
const restsOnSchedule: ReadonlySet<string> = new Set(['no-games', 'no-early-games', 'nothing-to-collect']);

/** Decides about one workflow: whether any of its sources is asked at all on that date, then its rule. */
export function decideWorkflow(workflow: Workflow, facts: ControllerFacts): WorkflowDecision {
  const ruling = applyRule(workflow, facts);
  const enabled = enabledScrapersOf(workflow, ruling.until);
  const { name, priority } = workflow;
  const { from, until, alertLevel } = ruling;
  if (enabled.length === 0) return { workflow: name, action: 'SKIP', reason: 'source-not-enabled', scrapers: [], from, until, targetGames: [], alertLevel: 'NONE', priority };
  if (!facts.isScheduleKnown && ruling.action === 'SKIP' && restsOnSchedule.has(ruling.reason)) return abort(workflow, ruling);
  const scrapers = ruling.action === 'RUN' ? enabled : [];
  return { workflow: name, action: ruling.action, reason: ruling.reason, scrapers, from, until, targetGames: ruling.games.map((game) => game.officialId), alertLevel, priority };
}

/** No games because no schedule is known is no reason to rest. */
const abort = ({ name, priority }: Workflow, { from, until }: Ruling): WorkflowDecision => ({
  workflow: name, action: 'ABORT', reason: 'schedule-not-known', scrapers: [], from, until, targetGames: [], alertLevel: 'CRITICAL', priority,
});
