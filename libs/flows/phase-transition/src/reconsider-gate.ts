import { transitions, type TransitionApp } from '@handoff/catalogue';
import type { GateDue } from '@handoff/contracts';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { decideHandoffs, withThreshold } from './decide-handoffs.ts';

/** Looks at a gate again because its time has come, although nothing new arrived. */
export async function reconsiderGate(app: TransitionApp, message: GateDue, context: FlowContext, coverageMin?: number): Promise<FlowReport> {
  const transition = transitions.find((candidate) => candidate.app === app && candidate.flow === message.flow && candidate.to === message.to);
  if (transition === undefined) return { outcome: 'not-concerned' };
  return decideHandoffs({ transition: withThreshold(transition, coverageMin), sport: message.sport, purpose: message.purpose, dates: [message.gameDate], notBefore: message.dueAt }, context);
}
