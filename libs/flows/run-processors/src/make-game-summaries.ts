import { summarisePlayerGames, summariseTeamDefense, summariseTeamOffense, type BoxScore, type BoxScoreSource } from '@handoff/analytics';
import { outputsOf, type OutputName } from '@handoff/catalogue';
import type { PhaseTriggered } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import { loadSeasonSchedule } from '@handoff/read-models';
import boxScores from './box-scores.sql';
import { spanOf, type Made, type MadeOutput, type RunSpan, type MakerContext } from './maker.ts';

/** The statement is written for the primary source; every box-score table has the same columns. */
const primaryName = 'nba_raw.bdl_player_boxscores';

/** Game summaries of players and teams from the box scores of the runs' games. */
export async function makeGameSummaries(trigger: PhaseTriggered, { ports: { warehouse } }: MakerContext): Promise<Made> {
  const span = spanOf(trigger);
  const schedule = await loadSeasonSchedule(warehouse, span.from);
  const games = schedule.filter((game) => span.gamesOn.get(game.game_date)?.has(game.game_id) === true);
  const alternatives: BoxScoreSource[] = [];
  for (const { name } of outputsOf('phase2', 'postgame').filter(({ alternativeOf }) => alternativeOf === primaryName)) alternatives.push(await loadBoxScores(name, span, warehouse));
  const input = { primary: await loadBoxScores(primaryName, span, warehouse), alternatives, games };
  return new Map<OutputName, MadeOutput>([
    ['nba_analytics.player_game_summary', { rows: summarisePlayerGames(input) }],
    ['nba_analytics.team_offense_game_summary', { rows: summariseTeamOffense(input) }],
    ['nba_analytics.team_defense_game_summary', { rows: summariseTeamDefense(input) }],
  ]);
}

async function loadBoxScores(output: OutputName, { from, until }: RunSpan, warehouse: Warehouse): Promise<BoxScoreSource> {
  const rows = await warehouse.query<BoxScore>(
    { name: `run-processors/${output}`, text: boxScores.replace(primaryName, output) },
    { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } },
  );
  return { output, rows };
}
