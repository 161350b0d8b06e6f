import { boxScoreOutput, playerCounts, withStandIns } from '@handoff/catalogue';
import type { GameDate, PhaseTriggered } from '@handoff/contracts';
import type { FlowContext } from '@handoff/ports';
import { loadPlayersOfGames, loadSlate } from '@handoff/read-models';
import { comparePlayers, playersListed, type PlayerCount } from '@handoff/validation';
import { checkFeatures } from './check-features.ts';

/**
 * Looks at what a phase run has written, as the tables hold it, once it is announced: a finding holds up nothing. What
 * is loaded as history is not looked at; the daily reconciliation's boundaries are there for any date that is asked for.
 *
 * @throws what the warehouse throws: the run is repeated then, which changes nothing, and looked at again.
 */
export async function checkWritten({ phase, flow, purpose, runs }: PhaseTriggered, context: FlowContext): Promise<void> {
  if (purpose === 'history') return;
  for (const { gameDate, games } of runs) {
    if (phase === 'phase3' && flow === 'postgame') await checkPlayers(gameDate, new Set(games), context);
    if (phase === 'phase4') await checkFeatures(gameDate, context);
  }
}

/** Compares the summaries of a date with its box scores: of the games of the run, and of those that have summaries already. */
async function checkPlayers(date: GameDate, games: ReadonlySet<string>, { ports, log }: FlowContext): Promise<void> {
  const { boxScores, summaries } = await loadPlayersOfGames(ports.warehouse, date);
  const summarised = new Set(summaries.map((row) => row.nba_game_id));
  const listed = playersListed(boxScores, await loadSlate(ports, date), withStandIns(boxScoreOutput)).filter((row) => games.has(row.nba_game_id) || summarised.has(row.nba_game_id));
  const found = comparePlayers(listed, summaries, playerCounts);
  if (found.length > 0) log.warn({ gameDate: date, games: found.map(describe) }, 'fewer players summarised than listed');
  const told = found.filter(({ finding }) => finding === 'alert');
  const at = ports.clock.now();
  if (told.length === 0) return ports.notifier.resolve('player-count-low', date, at);
  await ports.notifier.alert({ cause: 'player-count-low', subject: date, severity: 'error', title: `${told.length} games of ${date} are summarised for too few players`, facts: { gameDate: date, games: told.map(describe) }, at });
}

const describe = ({ game, summarised, listed, missing }: PlayerCount): string => `${game}: ${summarised} of ${listed}, without ${missing.join(', ')}`;
