import type { Flow, GateOutcome, Phase } from '@handoff/contracts';
import { handoffId, type HandoffKey } from '@handoff/handoff';
import type { FlowContext } from '@handoff/ports';

/** What a gate decided, as far as people are told of it. */
export interface ReportedGate extends Omit<GateOutcome, 'reasons'> {
  readonly reasons: readonly string[];
  readonly missing?: readonly string[];
}

/** A gate that cannot be evaluated is one fault, whatever the date. */
export const gateSubject = (to: Phase, flow: Flow): string => `${to}/${flow}`;

/** Tells people what a gate held back or let through incomplete, and that it is over when it is. */
export async function reportGate(key: HandoffKey, decision: ReportedGate, { ports, log }: FlowContext): Promise<void> {
  const subject = handoffId(key);
  const at = ports.clock.now();
  const facts = { gameDate: key.gameDate, phase: key.phase, flow: key.flow, coverage: decision.coverage, reasons: decision.reasons };
  switch (decision.verdict) {
    case 'block':
      await ports.notifier.alert({ cause: 'gate-blocked', subject, severity: 'critical', title: `${key.phase} of ${key.gameDate} is blocked`, facts: { ...facts, releasedBy: decision.missing ?? [] }, at });
      break;
    case 'release-degraded':
      await ports.notifier.resolve('gate-error', gateSubject(key.phase, key.flow), at);
      await ports.notifier.resolve('gate-blocked', subject, at);
      await ports.notifier.alert({ cause: 'gate-degraded', subject, severity: 'warning', title: `${key.phase} of ${key.gameDate} starts with inputs missing`, facts, at });
      break;
    case 'release':
      await ports.notifier.resolve('gate-error', gateSubject(key.phase, key.flow), at);
      await ports.notifier.resolve('gate-blocked', subject, at);
      await ports.notifier.resolve('gate-degraded', subject, at);
      break;
    case 'wait':
      break;
  }
  log.info({ handoff: subject, verdict: decision.verdict, coverage: decision.coverage, reasons: decision.reasons }, 'gate decided');
}
