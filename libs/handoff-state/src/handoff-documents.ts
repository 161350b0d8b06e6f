import type { Completion, EpochMs, Flow, GameDate, Phase, PhaseRun, Purpose, Sport } from '@handoff/contracts';
import type { Consumed, HandoffKey } from '@handoff/handoff';
import { handoffId } from '@handoff/handoff';
import type { StateDocument, StateRef } from '@handoff/ports';

/** `handoff_<id>_completions`: one document per completion, named by what it says. */
export interface CompletionDocument extends StateDocument, Completion {
  readonly sourceVersionAt: EpochMs;
  readonly recordedAt: EpochMs;
  readonly executionId: string;
}

/** `handoff_<id>_releases`: one document per revision, created once. */
export interface ReleaseDocument extends StateDocument {
  readonly run: PhaseRun;
  /** The message that started it: its own, or one of several runs. */
  readonly triggerId: string;
  readonly purpose: Purpose;
  readonly consumed: Consumed;
  readonly verdict: 'release' | 'release-degraded';
  readonly coverage: number;
  readonly reasons: readonly string[];
  readonly releasedAt: EpochMs;
  /** null until the trigger is confirmed as published. */
  readonly messageId: string | null;
}

/**
 * `handoffs`: where each hand-off stands, for people and monitors, as of the last change of its verdict; no gate
 * reads it. `handoff explain` tells what is missing at this moment.
 */
export interface HandoffDocument extends StateDocument {
  readonly sport: Sport;
  readonly gameDate: GameDate;
  readonly flow: Flow;
  readonly from: Phase;
  readonly to: Phase;
  readonly verdict: string;
  readonly coverage: number;
  /** The threshold by which it was judged: the catalogue's, or an operator's. */
  readonly coverageMin: number;
  readonly reasons: readonly string[];
  /** With `wait` and `block`: the moment of the next look; null where only news moves it. */
  readonly until: EpochMs | null;
  readonly revision: number;
  readonly decidedAt: EpochMs;
}

export const completionsOf = (key: HandoffKey): string => `handoff_${handoffId(key)}_completions`;
export const releasesOf = (key: HandoffKey): string => `handoff_${handoffId(key)}_releases`;
export const handoffRef = (key: HandoffKey): StateRef => ({ collection: 'handoffs', id: handoffId(key) });
