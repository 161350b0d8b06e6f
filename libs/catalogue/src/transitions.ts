import { minutes, type DurationMs, type Flow, type Phase, type Purpose } from '@handoff/contracts';
import { outputsOf, type Output, type OutputName } from './outputs.ts';

/** The numbers by which a gate decides. */
export interface GatePolicy {
  /** When the inputs should be complete, US Eastern, on the game date plus `days`. */
  readonly due: { readonly days: 0 | 1; readonly hour: number; readonly minute: number };
  /** How long after `due` the gate still waits for what is missing. */
  readonly graceMs: DurationMs;
  /** Coverage from which an incomplete set is released as degraded, 0 to 1 (COVERAGE_THRESHOLD_PCT). */
  readonly coverageMin: number;
  /** Minima of single inputs, instead of `coverageMin`: those that can do with less. */
  readonly coverageMinOf: Readonly<Partial<Record<OutputName, number>>>;
  /** The least mean quality, 0 to 100, of an input that has one; what is below counts as missing. */
  readonly qualityMin: number;
  /** How long before `due` a required input may have been fetched; what is older counts as missing. null: any age will do. */
  readonly freshForMs: DurationMs | null;
  /**
   * What happens when the slate cannot be read. closed: nothing starts until it can; for gates on correctness.
   * open: what has completed goes ahead unchecked; for gates that only order work in time. Both are reported.
   */
  readonly onError: 'closed' | 'open';
}

/** One hand-off: when `from` has made its outputs for a date, `to` may start. */
export interface Transition {
  /** The function that owns it. */
  readonly app: TransitionApp;
  readonly flow: Flow;
  readonly from: Phase;
  readonly to: Phase;
  readonly policy: GatePolicy;
  /** What it is made for; other work stops here: what was not predicted before tip-off is not predicted after. */
  readonly purposes: readonly Purpose[];
}

export type TransitionApp = 'phase2-to-phase3' | 'phase3-to-phase4' | 'phase4-to-phase5' | 'phase5-to-phase6' | 'phase3-to-grading';

/** 80 %: the owner's threshold for every transition (requirement F018). */
const coverageMin = 0.8;
/** Below 50 a player is not predicted at all (reference section 9.3): a floor of 70 would hold back the first weeks of each season. */
const qualityMin = 50;
const strict = { coverageMin, coverageMinOf: {}, qualityMin, freshForMs: null, onError: 'closed' } as const;
/** Pregame inputs are due when morning operations (06:00 ET) have had one retry. */
const pregame: GatePolicy = { due: { days: 0, hour: 7, minute: 0 }, graceMs: minutes(60), ...strict };
/** Box scores are due after morning_recovery (06:00 ET); four hours of grace end before the grading alarm at 10:30. */
const postgame: GatePolicy = { due: { days: 1, hour: 6, minute: 30 }, graceMs: minutes(240), ...strict };
/** Publishing changes no data: a slate that cannot be read for once is no reason to show yesterday's. */
const publishing = { onError: 'open' } as const;

/** A schedule of the day before does not know of last night's postponements. */
const scheduleFreshFor = minutes(24 * 60);
/** Minima of requirement F022: features do with 70 % of the context, predictions with 60 % of the features. */
const contextMin = 0.7;
const featuresMin = 0.6;

/** Raw data of any date is summarised. */
const always: readonly Purpose[] = ['live', 'repair', 'history'];
/** What ends as in a clean run is made up for, as long as the slate was ours; a history that is loaded stops before it. */
const oursAlone: readonly Purpose[] = ['live', 'repair'];
const liveOnly: readonly Purpose[] = ['live'];

export const transitions: readonly Transition[] = [
  { app: 'phase2-to-phase3', flow: 'pregame', from: 'phase2', to: 'phase3', policy: { ...pregame, freshForMs: scheduleFreshFor }, purposes: oursAlone },
  { app: 'phase2-to-phase3', flow: 'postgame', from: 'phase2', to: 'phase3', policy: postgame, purposes: always },
  { app: 'phase3-to-phase4', flow: 'pregame', from: 'phase3', to: 'phase4', policy: { ...pregame, coverageMinOf: { 'nba_analytics.upcoming_player_game_context': contextMin } }, purposes: oursAlone },
  { app: 'phase4-to-phase5', flow: 'pregame', from: 'phase4', to: 'phase5', policy: { ...pregame, coverageMinOf: { 'nba_predictions.ml_feature_store_v2': featuresMin, 'nba_precompute.player_daily_cache': contextMin } }, purposes: liveOnly },
  { app: 'phase5-to-phase6', flow: 'pregame', from: 'phase5', to: 'phase6-publish', policy: { ...pregame, ...publishing }, purposes: liveOnly },
  { app: 'phase3-to-grading', flow: 'postgame', from: 'phase3', to: 'phase6-grade', policy: postgame, purposes: oursAlone },
  { app: 'phase5-to-phase6', flow: 'postgame', from: 'phase6-grade', to: 'phase6-publish', policy: { ...postgame, ...publishing }, purposes: oursAlone },
];

/** What an output is made from: the required outputs of the phases that hand off to its own. */
export const inputsOf = ({ phase, flow }: Pick<Output, 'phase' | 'flow'>): readonly Output[] =>
  transitions.filter((transition) => transition.to === phase && transition.flow === flow).flatMap(({ from }) => outputsOf(from, flow).filter(({ need }) => need === 'required'));
