import { describeUpcomingPlayers, describeUpcomingTeams, type Appearance, type Injury, type OfferedLines, type PointsLine } from '@handoff/analytics';
import type { OutputName } from '@handoff/catalogue';
import { isInRetrospect, type EpochMs, type GameDate, type PhaseRun, type PhaseTriggered, type Row } from '@handoff/contracts';
import type { Parameters, Warehouse } from '@handoff/ports';
import { loadAppearances, loadSeasonSchedule, loadSummarisedGames, type ScheduledGame, type SummarisedGame } from '@handoff/read-models';
import { addDays, seasonStart, seasonYearOf } from '@handoff/slate';
import injuriesOfDates from './injuries-of-dates.sql';
import linesOfDates from './lines-of-dates.sql';
import { concerns, spanOf, type Made, type MadeOutput, type MakerContext } from './maker.ts';

/** The last 10 games of any team lie within it, the all-star break included. */
const rosterDays = 60;

interface ContextInputs {
  readonly schedule: readonly ScheduledGame[];
  readonly history: readonly Appearance[];
  readonly summaries: readonly SummarisedGame[];
  readonly injuries: readonly Injury[];
  readonly lines: OfferedLines;
}

/**
 * Context of the teams and players of games that are still to be played. Loading history, each date is seen
 * as just before its first tip-off, so that a past slate gets the context that it would have had. A live run that comes
 * late leaves the games alone that have tipped off: what was known of them before is what stands.
 */
export async function makeUpcomingContext(trigger: PhaseTriggered, { ports: { warehouse, clock } }: MakerContext): Promise<Made> {
  const inputs = await loadInputs(trigger, warehouse);
  const teams: Row[] = [];
  const players: Row[] = [];
  const leavesAlone = new Set<string>();
  for (const run of trigger.runs) {
    const games = inputs.schedule.filter((game) => game.game_date === run.gameDate && concerns(run, game.game_id));
    const now = isInRetrospect(trigger.purpose) ? beforeFirstTip(games, clock.now()) : clock.now();
    for (const game of games) if (!game.is_postponed && game.tip_at <= now) leavesAlone.add(game.game_id);
    teams.push(...describeUpcomingTeams({ gameDate: run.gameDate, games, history: inputs.schedule, summaries: inputs.summaries, now }));
    players.push(...playersOf(run, games, inputs, now));
  }
  return new Map<OutputName, MadeOutput>([
    ['nba_analytics.upcoming_team_game_context', { rows: teams, leavesAlone }],
    ['nba_analytics.upcoming_player_game_context', { rows: players, leavesAlone }],
  ]);
}

function playersOf(run: PhaseRun, games: readonly ScheduledGame[], { schedule, history, injuries, lines }: ContextInputs, now: EpochMs): readonly Row[] {
  const from = addDays(run.gameDate, -rosterDays);
  const recent = history.filter((game) => game.game_date >= from && game.game_date < run.gameDate);
  return describeUpcomingPlayers({ gameDate: run.gameDate, games, history: recent, teamGames: schedule, injuries, lines, now });
}

function beforeFirstTip(games: readonly ScheduledGame[], now: EpochMs): EpochMs {
  return games.reduce<EpochMs>((earliest, game) => (game.tip_at <= earliest ? ((game.tip_at - 1) as EpochMs) : earliest), now);
}

async function loadInputs(trigger: PhaseTriggered, warehouse: Warehouse): Promise<ContextInputs> {
  const { from, until } = spanOf(trigger);
  const dates: Parameters = { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } };
  return {
    schedule: await loadSeasonSchedule(warehouse, from),
    history: await loadAppearances(warehouse, earliestOf(from), until),
    summaries: await loadSummarisedGames(warehouse, until),
    injuries: await warehouse.query<Injury>({ name: 'run-processors/injuries-of-dates', text: injuriesOfDates }, { ...dates, from_date: { type: 'DATE', value: addDays(from, -1) } }),
    lines: { ODDS_API: await loadLines('nba_raw.odds_api_player_points_props', dates, warehouse), PRIZEPICKS: await loadLines('nba_raw.prizepicks_player_points_lines', dates, warehouse) },
  };
}

/** Never before the season: a team's last ten games are this season's. */
function earliestOf(from: GameDate): GameDate {
  const season = seasonStart(seasonYearOf(from));
  const roster = addDays(from, -rosterDays);
  return roster < season ? season : roster;
}

/** The statement is written for one line table; both have the same columns. */
function loadLines(table: OutputName, dates: Parameters, warehouse: Warehouse): Promise<readonly PointsLine[]> {
  return warehouse.query<PointsLine>({ name: `run-processors/${table}`, text: linesOfDates.replace('nba_raw.odds_api_player_points_props', table) }, dates);
}
