import type { GateDecision } from './gate.ts';

/** `collecting -> (gate) -> blocked | released -> published -> running -> complete | degraded | failed` (docs/hand-off.md). */
export type PhaseRunState = 'collecting' | 'blocked' | 'released' | 'published' | 'running' | 'complete' | 'degraded' | 'failed';

/** What is known of the newest release of a hand-off. */
export interface ReleaseFacts {
  /** null until its trigger is confirmed as published. */
  readonly messageId: string | null;
  /** How the receiver's claim on the trigger stands; absent while nobody has taken it. */
  readonly claim: 'absent' | 'running' | 'released' | 'rejected' | 'done';
  /** How the run ended, as the history tells; absent until it has. */
  readonly ended: 'complete' | 'degraded' | 'failed' | 'superseded' | undefined;
}

/** Where a phase run is: decided by its newest release where there is one, else by its gate. */
export function phaseRunState(decision: GateDecision, release: ReleaseFacts | undefined): PhaseRunState {
  if (release === undefined) return decision.verdict === 'block' ? 'blocked' : 'collecting';
  if (release.ended !== undefined) return release.ended === 'superseded' ? 'complete' : release.ended;
  if (release.claim === 'rejected') return 'failed';
  if (release.claim === 'running' || release.claim === 'done') return 'running';
  return release.messageId === null ? 'released' : 'published';
}
