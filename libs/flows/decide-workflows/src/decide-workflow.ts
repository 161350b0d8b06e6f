import { enabledScrapersOf, type Workflow } from '@handoff/catalogue';
import type { EpochMs } from '@handoff/contracts';
import { gameDateOf } from '@handoff/slate';
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
  if (!facts.isScheduleKnown && ruling.action === 'SKIP' && restsOnSchedule.has(ruling.reason)) return abort(workflow, { ...ruling, reason: 'schedule-not-known' });
  if (ruling.action === 'ABORT') return abort(workflow, ruling);
  const scrapers = ruling.action === 'RUN' ? enabled : [];
  return { workflow: name, action: ruling.action, reason: ruling.reason, scrapers, from, until, targetGames: ruling.games.map((game) => game.officialId), alertLevel, priority };
}

/** A workflow whose rule has failed is not decided; the others are. */
export const undecided = (workflow: Workflow, now: EpochMs): WorkflowDecision => abort(workflow, { reason: 'rule-failed', from: gameDateOf(now), until: gameDateOf(now) });

/** No games because no schedule is known is no reason to rest. */
const abort = ({ name, priority }: Workflow, { reason, from, until }: Pick<Ruling, 'reason' | 'from' | 'until'>): WorkflowDecision => ({
  workflow: name, action: 'ABORT', reason, scrapers: [], from, until, targetGames: [], alertLevel: 'CRITICAL', priority,
});
