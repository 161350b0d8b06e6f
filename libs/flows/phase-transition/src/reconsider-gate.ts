import { transitions, type TransitionApp } from '@handoff/catalogue';
import type { GateDue } from '@handoff/contracts';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { decideHandoffs, withThreshold } from './decide-handoffs.ts';
import { recordStored } from './record-completions.ts';

/**
 * Looks at a gate again because its time has come, although nothing new arrived. Where the phase is to start again,
 * what the warehouse holds of its inputs counts as told: the announcement may be what was lost.
 */
export async function reconsiderGate(app: TransitionApp, message: GateDue, context: FlowContext, coverageMin?: number): Promise<FlowReport> {
  const transition = transitions.find((candidate) => candidate.app === app && candidate.flow === message.flow && candidate.to === message.to);
  if (transition === undefined) return { outcome: 'not-concerned' };
  const { sport, purpose, gameDate, dueAt, again } = message;
  if (again !== undefined) await recordStored(transition, message, context);
  return decideHandoffs({ transition: withThreshold(transition, coverageMin), sport, purpose, dates: [gameDate], notBefore: dueAt, ...(again === undefined ? {} : { again: again.games }) }, context);
}
