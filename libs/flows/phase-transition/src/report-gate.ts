import type { Flow, GateOutcome, Phase } from '@handoff/contracts';
import { handoffId, type HandoffKey } from '@handoff/handoff';
import type { FlowContext } from '@handoff/ports';

/** What a gate decided, as far as people are told of it. */
export interface ReportedGate extends Omit<GateOutcome, 'reasons'> {
  readonly reasons: readonly string[];
  readonly missing?: readonly string[];
}

/** A gate that cannot be evaluated is one fault, whatever the date. */
export const gateSubject = (to: Phase, flow: Flow): string => `${to}_${flow}`;

/** Tells people what a gate held back or let through incomplete, and that it is over when it is. */
export async function reportGate(key: HandoffKey, decision: ReportedGate, { ports, log }: FlowContext): Promise<void> {
  const { notifier, clock } = ports;
  const { verdict, coverage, reasons } = decision;
  const subject = handoffId(key);
  const at = clock.now();
  const facts = { gameDate: key.gameDate, phase: key.phase, flow: key.flow, coverage, reasons };
  if (verdict === 'block') {
    await notifier.alert({ cause: 'gate-blocked', subject, severity: 'critical', title: `${key.phase} of ${key.gameDate} is blocked`, facts: { ...facts, releasedBy: decision.missing ?? [] }, at });
  } else if (verdict !== 'wait') {
    await notifier.resolve('gate-blocked', subject, at);
    if (verdict === 'release') await notifier.resolve('gate-degraded', subject, at);
    else await notifier.alert({ cause: 'gate-degraded', subject, severity: 'warning', title: `${key.phase} of ${key.gameDate} starts with inputs missing`, facts, at });
  }
  log.info({ handoff: subject, verdict, coverage, reasons }, 'gate decided');
}
