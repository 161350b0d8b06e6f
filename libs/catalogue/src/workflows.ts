import { minutes } from '@handoff/contracts';
import { isScraperEnabled, scraperNamed, type ScraperName } from './scrapers.ts';

/** When a workflow of a kind runs: reference section 5.3, as intended. */
export type WorkflowRule =
  /** Once a day between two hours. */
  | { readonly kind: 'daily'; readonly fromHour: number; readonly untilHour: number }
  /** At an hour, when a final game of the slate is not collected; `slate` says which slate the night belongs to. */
  | { readonly kind: 'postgame-window'; readonly hour: number; readonly slate: 'today' | 'yesterday'; readonly missingAlert: 'INFO' | 'WARNING' | 'CRITICAL' }
  /** At an hour, for games that tipped before `tipBeforeHour`, at least `hoursAfterTip` ago. */
  | { readonly kind: 'early-window'; readonly hour: number; readonly tipBeforeHour: number; readonly hoursAfterTip: number; readonly missingAlert: 'WARNING' | 'CRITICAL' }
  /** At an hour, for final games of the last `lookbackDays` dates without a box score. */
  | { readonly kind: 'catch-up'; readonly hour: number; readonly lookbackDays: number }
  /** Every `everyHours` within business hours, from `hoursBeforeTip` before the first tip-off. */
  | { readonly kind: 'before-games'; readonly hoursBeforeTip: number; readonly fromHour: number; readonly untilHour: number; readonly everyHours: number }
  /** On game days from `fromHour` until something is found, `everyHours` apart, at most `attemptsMax` times or as often as the day has room for: a report of the night before is not the day's. */
  | { readonly kind: 'discovery'; readonly fromHour: number; readonly everyHours: number; readonly attemptsMax: number }
  /** Whenever the schedule was last fetched more than `staleHours` ago. */
  | { readonly kind: 'schedule-freshness'; readonly staleHours: number };

export interface Workflow {
  readonly name: string;
  readonly rule: WorkflowRule;
  readonly scrapers: readonly ScraperName[];
  readonly priority: 'HIGH' | 'MEDIUM' | 'LOW';
}

const boxScores = ['bdl_player_box_scores', 'nbac_player_boxscore'] as const;

/** A window holds for so long on either side of its hour: reference section 5.2. */
export const windowTolerance = minutes(30);

/** The 16 workflows of the master controller: reference section 5.2. Hours are US Eastern. */
export const workflows = [
  { name: 'morning_operations', rule: { kind: 'daily', fromHour: 6, untilHour: 10 }, scrapers: ['nbac_schedule_api', 'espn_roster'], priority: 'HIGH' },
  { name: 'morning_recovery', rule: { kind: 'postgame-window', hour: 6, slate: 'yesterday', missingAlert: 'CRITICAL' }, scrapers: ['nbac_schedule_api', ...boxScores, 'nbac_gamebook_pdf'], priority: 'HIGH' },
  { name: 'bdl_catchup_midday', rule: { kind: 'catch-up', hour: 10, lookbackDays: 3 }, scrapers: ['bdl_player_box_scores'], priority: 'MEDIUM' },
  { name: 'bdl_catchup_afternoon', rule: { kind: 'catch-up', hour: 14, lookbackDays: 3 }, scrapers: ['bdl_player_box_scores'], priority: 'MEDIUM' },
  { name: 'bdl_catchup_evening', rule: { kind: 'catch-up', hour: 18, lookbackDays: 3 }, scrapers: ['bdl_player_box_scores'], priority: 'MEDIUM' },
  { name: 'betting_lines', rule: { kind: 'before-games', hoursBeforeTip: 12, fromHour: 8, untilHour: 20, everyHours: 2 }, scrapers: ['oddsa_player_props', 'prizepicks_lines', 'bp_player_props'], priority: 'HIGH' },
  { name: 'post_game_window_1', rule: { kind: 'postgame-window', hour: 22, slate: 'today', missingAlert: 'INFO' }, scrapers: ['nbac_schedule_api', ...boxScores], priority: 'HIGH' },
  { name: 'post_game_window_2', rule: { kind: 'postgame-window', hour: 1, slate: 'yesterday', missingAlert: 'WARNING' }, scrapers: ['nbac_schedule_api', ...boxScores], priority: 'HIGH' },
  { name: 'post_game_window_2b', rule: { kind: 'postgame-window', hour: 2, slate: 'yesterday', missingAlert: 'WARNING' }, scrapers: ['nbac_schedule_api', ...boxScores], priority: 'HIGH' },
  { name: 'post_game_window_3', rule: { kind: 'postgame-window', hour: 4, slate: 'yesterday', missingAlert: 'CRITICAL' }, scrapers: ['nbac_schedule_api', ...boxScores, 'bigdataball_pbp', 'nbac_play_by_play', 'nbac_gamebook_pdf'], priority: 'HIGH' },
  { name: 'early_game_window_1', rule: { kind: 'early-window', hour: 15, tipBeforeHour: 19, hoursAfterTip: 3, missingAlert: 'WARNING' }, scrapers: ['nbac_schedule_api', ...boxScores], priority: 'MEDIUM' },
  { name: 'early_game_window_2', rule: { kind: 'early-window', hour: 18, tipBeforeHour: 19, hoursAfterTip: 3, missingAlert: 'WARNING' }, scrapers: ['nbac_schedule_api', ...boxScores, 'bigdataball_pbp'], priority: 'MEDIUM' },
  { name: 'early_game_window_3', rule: { kind: 'early-window', hour: 21, tipBeforeHour: 19, hoursAfterTip: 3, missingAlert: 'CRITICAL' }, scrapers: ['nbac_schedule_api', ...boxScores, 'nbac_play_by_play', 'nbac_gamebook_pdf'], priority: 'MEDIUM' },
  { name: 'injury_discovery', rule: { kind: 'discovery', fromHour: 6, everyHours: 2, attemptsMax: 12 }, scrapers: ['bdl_injuries'], priority: 'HIGH' },
  { name: 'referee_discovery', rule: { kind: 'discovery', fromHour: 6, everyHours: 2, attemptsMax: 12 }, scrapers: ['nbac_referee_assignments'], priority: 'LOW' },
  { name: 'schedule_dependency', rule: { kind: 'schedule-freshness', staleHours: 6 }, scrapers: ['nbac_schedule_api'], priority: 'HIGH' },
] as const satisfies readonly Workflow[];

export type WorkflowName = (typeof workflows)[number]['name'];

/** The scrapers of a workflow whose sources are asked about a game date; without any it rests. */
export const enabledScrapersOf = ({ scrapers }: Workflow, gameDate: string): readonly ScraperName[] => scrapers.filter((name) => isScraperEnabled(scraperNamed(name), gameDate));
