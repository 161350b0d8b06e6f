import type { Flow, Phase } from '@handoff/contracts';
import { exportNames, type ExportName } from './exports.ts';
import { isScraperEnabled, scrapers } from './scrapers.ts';
import type { TableName } from './tables.ts';

/** What a phase run leaves behind: a table's partition, or a published file. */
export type OutputName = TableName | `exports/${ExportName}`;

/**
 * How an output is needed by the gate behind it.
 *
 * | need | the gate |
 * |---|---|
 * | required | waits for it in every expected scope |
 * | alternative | is content with it where the `alternativeOf` output is missing |
 * | soft | waits for it until the gate is due, then goes ahead and says so |
 */
export type Need = 'required' | 'alternative' | 'soft';

export interface Output {
  readonly name: OutputName;
  readonly phase: Phase;
  readonly flow: Flow;
  /** `game`: one completion per game; `slate`: one per game date. */
  readonly scope: 'game' | 'slate';
  readonly need: Need;
  /** The output without which there is rightly nothing to make: of the same scope, or of any game of the slate. */
  readonly emptyWithout?: OutputName;
  /** The column that tells how good a row is, 0 to 100; a gate may ask for a least mean. */
  readonly qualityColumn?: string;
  /** With `alternative`: the output that it stands in for. */
  readonly alternativeOf?: OutputName;
  /**
   * convergent: after any recoverable fault it ends equal to a clean run. time-bound: equal only for games
   * whose inputs came before tip-off; the rest is reported MISSED.
   */
  readonly recovery: 'convergent' | 'time-bound';
  /** When it should be there, US Eastern: hour and minute of the game date plus `days`. */
  readonly due: { readonly days: 0 | 1; readonly hour: number; readonly minute: number };
}

const morning = { days: 0, hour: 7, minute: 30 } as const;
const lines = { days: 0, hour: 14, minute: 30 } as const;
const pregame = { days: 0, hour: 9, minute: 0 } as const;
/** After morning_recovery (06:00 ET), the last collection of the night. */
const recovered = { days: 1, hour: 6, minute: 30 } as const;
const graded = { days: 1, hour: 8, minute: 0 } as const;

const exportOutput = (name: ExportName): Output => {
  const flow = exportNames[name];
  return { name: `exports/${name}`, phase: 'phase6-publish', flow, scope: 'slate', need: 'required', recovery: flow === 'pregame' ? 'time-bound' : 'convergent', due: flow === 'pregame' ? pregame : graded };
};

/** Every output of the pipeline. Expected sets, gates, the ledger and the replay's report derive from this list. */
export const outputs: readonly Output[] = [
  { name: 'nba_raw.nbac_schedule', phase: 'phase2', flow: 'pregame', scope: 'game', need: 'required', recovery: 'convergent', due: morning },
  { name: 'nba_raw.bdl_injuries', phase: 'phase2', flow: 'pregame', scope: 'slate', need: 'soft', recovery: 'time-bound', due: morning },
  { name: 'nba_raw.odds_api_player_points_props', phase: 'phase2', flow: 'pregame', scope: 'game', need: 'soft', recovery: 'time-bound', due: lines },
  { name: 'nba_raw.prizepicks_player_points_lines', phase: 'phase2', flow: 'pregame', scope: 'game', need: 'soft', recovery: 'time-bound', due: lines },
  { name: 'nba_analytics.upcoming_team_game_context', phase: 'phase3', flow: 'pregame', scope: 'game', need: 'required', recovery: 'time-bound', due: pregame },
  { name: 'nba_analytics.upcoming_player_game_context', phase: 'phase3', flow: 'pregame', scope: 'game', need: 'required', recovery: 'time-bound', due: pregame },
  { name: 'nba_precompute.player_daily_cache', phase: 'phase4', flow: 'pregame', scope: 'game', need: 'required', recovery: 'convergent', due: pregame },
  { name: 'nba_predictions.ml_feature_store_v2', phase: 'phase4', flow: 'pregame', scope: 'game', need: 'required', qualityColumn: 'feature_quality_score', recovery: 'convergent', due: pregame },
  { name: 'nba_predictions.player_prop_predictions', phase: 'phase5', flow: 'pregame', scope: 'game', need: 'required', recovery: 'time-bound', due: pregame },
  exportOutput('tonight'),
  exportOutput('predictions'),
  exportOutput('status'),
  { name: 'nba_raw.bdl_player_boxscores', phase: 'phase2', flow: 'postgame', scope: 'game', need: 'required', recovery: 'convergent', due: recovered },
  { name: 'nba_raw.nbac_player_boxscores', phase: 'phase2', flow: 'postgame', scope: 'game', need: 'alternative', alternativeOf: 'nba_raw.bdl_player_boxscores', recovery: 'convergent', due: recovered },
  { name: 'nba_raw.espn_boxscores', phase: 'phase2', flow: 'postgame', scope: 'game', need: 'alternative', alternativeOf: 'nba_raw.bdl_player_boxscores', recovery: 'convergent', due: recovered },
  { name: 'nba_analytics.player_game_summary', phase: 'phase3', flow: 'postgame', scope: 'game', need: 'required', recovery: 'convergent', due: recovered },
  { name: 'nba_analytics.team_offense_game_summary', phase: 'phase3', flow: 'postgame', scope: 'game', need: 'required', recovery: 'convergent', due: recovered },
  { name: 'nba_analytics.team_defense_game_summary', phase: 'phase3', flow: 'postgame', scope: 'game', need: 'required', recovery: 'convergent', due: recovered },
  { name: 'nba_predictions.prediction_accuracy', phase: 'phase6-grade', flow: 'postgame', scope: 'game', need: 'required', emptyWithout: 'nba_predictions.player_prop_predictions', recovery: 'convergent', due: graded },
  { name: 'nba_predictions.system_daily_performance', phase: 'phase6-grade', flow: 'postgame', scope: 'slate', need: 'required', emptyWithout: 'nba_predictions.player_prop_predictions', recovery: 'convergent', due: graded },
  exportOutput('results'),
  exportOutput('performance'),
];

/** An output and those that stand in for it: where any of them has rows, nothing is missing. */
export const withStandIns = (name: string): readonly string[] => [name, ...outputs.filter(({ alternativeOf }) => alternativeOf === name).map((output) => output.name)];

/** The outputs of one phase and flow, in the order in which they are made. */
export function outputsOf(phase: Phase, flow: Flow): readonly Output[] {
  return outputs.filter((output) => output.phase === phase && output.flow === flow);
}

const byName = new Map<string, Output>(outputs.map((output) => [output.name, output]));

/** Undefined for a name that the catalogue does not know: refused, with an alert. */
export function outputNamed(name: string): Output | undefined {
  return byName.get(name);
}

/**
 * The output that a processor names, however it writes it: the catalogue's name, the table without its dataset, the
 * class of the processor, or the key of its configuration. `nba_analytics.player_game_summary`,
 * `player_game_summary`, `PlayerGameSummaryProcessor` and `p3_player-game-summary` are one.
 */
export function outputOf(name: string): Output | undefined {
  return byName.get(name) ?? byProcessor.get(processorKey(name));
}

/** Letters and digits only, without the marks of a phase and of a class. */
const processorKey = (name: string): string => name.replace(/^p\d_/i, '').replace(/processor$/i, '').toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const byProcessor = new Map<string, Output>(outputs.map((output) => [processorKey(output.name.slice(output.name.search(/[./]/) + 1)), output]));

/** True when the output is to be expected of a date: a raw one only while a scraper that loads it is enabled. */
export function isOutputAsked(output: Output, gameDate: string): boolean {
  return output.phase !== 'phase2' || scrapers.some((scraper) => scraper.loads === output.name && isScraperEnabled(scraper, gameDate));
}
