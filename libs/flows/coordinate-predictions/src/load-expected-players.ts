import { OfficialGameId, type PhaseRun, type UpcomingPlayerGameContextRow } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import type { BatchPlayer } from '@handoff/prediction-batches';
import playersOfGames from './players-of-games.sql';

/** Reads whom some runs are to predict, by run: what a batch's answers are counted against. */
export async function loadExpectedPlayers(warehouse: Warehouse, runs: readonly PhaseRun[]): Promise<ReadonlyMap<PhaseRun, readonly BatchPlayer[]>> {
  const games = [...new Set(runs.flatMap((run) => run.games))];
  if (games.length === 0) return new Map();
  const rows = await warehouse.query<Pick<UpcomingPlayerGameContextRow, 'game_date' | 'nba_game_id' | 'player_lookup'>>(
    { name: 'coordinate-predictions/players-of-games', text: playersOfGames },
    { dates: { type: 'ARRAY<DATE>', value: [...new Set(runs.map(({ gameDate }) => gameDate))] }, games: { type: 'ARRAY<STRING>', value: games } },
  );
  const players = rows.map((row) => ({ gameDate: row.game_date, game: OfficialGameId.parse(row.nba_game_id), player: row.player_lookup }));
  return new Map(runs.map((run) => [run, players.filter(({ gameDate, game }) => gameDate === run.gameDate && run.games.includes(game)).map(({ game, player }) => ({ game, player }))]));
}
