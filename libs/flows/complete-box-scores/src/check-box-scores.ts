import { entitiesOfBoxScores, EntityBreakers } from '@handoff/breakers';
import { boxScoreCompleteness, boxScoreOutput, withStandIns, type CircuitBreakerConfig } from '@handoff/catalogue';
import { after, gameDate, hashOf, type BoxscoreGapsDetected, type EpochMs, type GameDate, type OfficialGameId, type Row, type Sport } from '@handoff/contracts';
import type { FlowContext, FlowReport, Ports } from '@handoff/ports';
import { arrivedEntitiesStatement, loadObservedOutputs, loadSeasonSchedule } from '@handoff/read-models';
import { addDays, gameDateOf, requireTricode, seasonStart, seasonYearOf } from '@handoff/slate';
import { judgeTeams, type DueGame, type TeamCoverage } from '@handoff/validation';

export interface CheckRequest {
  readonly sport: Sport;
  readonly config: CircuitBreakerConfig;
  /** Names the check, so that a repetition asks for the same once. */
  readonly checkId: string;
}

const { recentDays, dueAfterMs, arrivedDays, warningPct, criticalPct } = boxScoreCompleteness;

/**
 * Judges whether every game that was played has a box score: each team by its recent games, and the whole season for
 * holes, so that one of a hundred days ago is found like one of yesterday. Holes are published to be filled; breakers of
 * players and teams whose box scores have arrived are cleared, and counted in the answer. Postponed games, and those
 * whose box score is not due yet, are not missed.
 *
 * @throws what the warehouse throws: nothing is taken for missing because it could not be read.
 */
export async function checkBoxScores({ sport, config, checkId }: CheckRequest, { ports, log, correlationId }: FlowContext): Promise<FlowReport> {
  const now = ports.clock.now();
  const games = await dueGames(ports, now);
  const since = addDays(gameDateOf(now), -recentDays);
  const teams = judgeTeams(games.filter((game) => game.gameDate >= since), { warningPct, criticalPct });
  await tell(teams, ports, now);
  const missing = games.filter(({ isPresent }) => !isPresent);
  if (missing.length > 0) await publishGaps({ sport, checkId, missing }, { ports, log, correlationId });
  const breakersReset = await resetArrived(ports, { config, now, correlationId });
  const below = (severity: TeamCoverage['severity']): number => teams.filter((team) => team.severity === severity).length;
  return { outcome: missing.length === 0 ? 'complete' : 'gaps-detected', facts: { games: games.length, missing: missing.length, teamsCritical: below('critical'), teamsWarning: below('warning'), circuit_breakers_reset: breakersReset } };
}

/** Every game of the season whose box score is due, and whether any source's is there. */
async function dueGames(ports: Ports, now: EpochMs): Promise<readonly DueGame[]> {
  const today = gameDateOf(now);
  const schedule = await loadSeasonSchedule(ports.warehouse, today);
  const names = new Set(withStandIns(boxScoreOutput));
  const observed = await loadObservedOutputs(ports.warehouse, names, { from: seasonStart(seasonYearOf(today)), until: today });
  const present = new Set(observed.filter(({ output, row_count: rows }) => names.has(output) && rows > 0).map(({ game_date: date, scope }) => `${date}|${scope}`));
  return schedule
    .filter((game) => !game.is_postponed && after(game.tip_at, dueAfterMs) <= now)
    .map((game): DueGame => ({
      gameDate: gameDate(game.game_date), officialId: game.game_id as OfficialGameId, isPresent: present.has(`${game.game_date}|${game.game_id}`),
      teams: [requireTricode(game.away_team_tricode, 'schedule'), requireTricode(game.home_team_tricode, 'schedule')],
    }));
}

async function tell(teams: readonly TeamCoverage[], { notifier }: Ports, at: EpochMs): Promise<void> {
  const below = teams.filter(({ severity }) => severity !== 'ok');
  if (below.length === 0) return notifier.resolve('boxscore-coverage-low', boxScoreOutput, at);
  const severity = below.some((team) => team.severity === 'critical') ? 'critical' : 'warning';
  const facts = {
    teams: below.map(({ team, present, games, coveragePct }) => `${team} ${coveragePct.toFixed(0)} % (${present} of ${games})`),
    dates: [...new Set(below.flatMap(({ missing }) => missing.map((game) => game.gameDate)))].sort(),
  };
  await notifier.alert({ cause: 'boxscore-coverage-low', subject: boxScoreOutput, severity, title: `${below.length} teams lack box scores of the last ${recentDays} days`, facts, at });
}

async function publishGaps({ sport, checkId, missing }: { readonly sport: Sport; readonly checkId: string; readonly missing: readonly DueGame[] }, { ports, correlationId }: FlowContext): Promise<void> {
  const dates = [...new Set(missing.map((game) => game.gameDate))].sort();
  const gapsOf = (date: GameDate) => missing.filter((game) => game.gameDate === date);
  // A check that is made again, since it came to no end, may miss other games: asking for those is no repetition.
  const askedId = `${checkId}_${hashOf(missing.map(({ officialId }) => officialId).toSorted().join(' ')).slice(0, 8)}`;
  const payload: BoxscoreGapsDetected = {
    sport, checkId: askedId, detectedAt: ports.clock.now(),
    gaps: dates.map((date) => ({ gameDate: date, games: gapsOf(date).map(({ officialId }) => officialId), teams: [...new Set(gapsOf(date).flatMap(({ teams }) => teams))].sort() })),
  };
  await ports.bus.publish('boxscore-gaps-detected', { key: askedId, payload, correlationId });
}

function rowsSince(ports: Ports, now: EpochMs): Promise<readonly Row[]> {
  return ports.warehouse.query(arrivedEntitiesStatement(), { since: { type: 'DATE', value: addDays(gameDateOf(now), -arrivedDays) } });
}

async function resetArrived(ports: Ports, { config, now, correlationId }: { readonly config: CircuitBreakerConfig; readonly now: EpochMs; readonly correlationId: string }): Promise<number> {
  if (!config.auto_reset_on_data) return 0;
  const entities = entitiesOfBoxScores(await rowsSince(ports, now));
  return new EntityBreakers(ports, config).resetForData(entities, `box scores of the last ${arrivedDays} days are there`, correlationId);
}
