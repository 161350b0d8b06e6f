import { minutes, type DurationMs, type Flow, type Phase } from '@handoff/contracts';

/** The numbers by which a gate decides. */
export interface GatePolicy {
  /** When the inputs should be complete, US Eastern, on the game date plus `days`. */
  readonly due: { readonly days: 0 | 1; readonly hour: number; readonly minute: number };
  /** How long after `due` the gate still waits for what is missing. */
  readonly graceMs: DurationMs;
  /** Coverage from which an incomplete set is released as degraded, 0 to 1 (COVERAGE_THRESHOLD_PCT). */
  readonly coverageMin: number;
}

/** One hand-off: when `from` has made its outputs for a date, `to` may start. */
export interface Transition {
  /** The function that owns it. */
  readonly app: TransitionApp;
  readonly flow: Flow;
  readonly from: Phase;
  readonly to: Phase;
  readonly policy: GatePolicy;
  /** False where loading history stops: what was not predicted before tip-off is neither predicted nor graded after. */
  readonly passesHistory: boolean;
}

export type TransitionApp = 'phase2-to-phase3' | 'phase3-to-phase4' | 'phase4-to-phase5' | 'phase5-to-phase6' | 'phase3-to-grading';

/** 80 %: the owner's threshold for every transition (requirement F018). */
const coverageMin = 0.8;
/** Pregame inputs are due when morning operations (06:00 ET) have had one retry. */
const pregame: GatePolicy = { due: { days: 0, hour: 7, minute: 0 }, graceMs: minutes(60), coverageMin };
/** Box scores are due after morning_recovery (06:00 ET); four hours of grace end before the grading alarm at 10:30. */
const postgame: GatePolicy = { due: { days: 1, hour: 6, minute: 30 }, graceMs: minutes(240), coverageMin };

export const transitions: readonly Transition[] = [
  { app: 'phase2-to-phase3', flow: 'pregame', from: 'phase2', to: 'phase3', policy: pregame, passesHistory: false },
  { app: 'phase2-to-phase3', flow: 'postgame', from: 'phase2', to: 'phase3', policy: postgame, passesHistory: true },
  { app: 'phase3-to-phase4', flow: 'pregame', from: 'phase3', to: 'phase4', policy: pregame, passesHistory: false },
  { app: 'phase4-to-phase5', flow: 'pregame', from: 'phase4', to: 'phase5', policy: pregame, passesHistory: false },
  { app: 'phase5-to-phase6', flow: 'pregame', from: 'phase5', to: 'phase6-publish', policy: pregame, passesHistory: false },
  { app: 'phase3-to-grading', flow: 'postgame', from: 'phase3', to: 'phase6-grade', policy: postgame, passesHistory: false },
  { app: 'phase5-to-phase6', flow: 'postgame', from: 'phase6-grade', to: 'phase6-publish', policy: postgame, passesHistory: false },
];
