import type { GameDate, PlayerGameSummaryRow, WithoutProvenance } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import playerHistory from './player-history.sql';

export type PlayerGame = WithoutProvenance<PlayerGameSummaryRow>;

/** Player summaries from one date on and strictly before another, in key order. */
export function loadPlayerGames(warehouse: Warehouse, from: GameDate, beforeDate: GameDate): Promise<readonly PlayerGame[]> {
  return warehouse.query<PlayerGame>(
    { name: 'read-models/player-history', text: playerHistory },
    { from_date: { type: 'DATE', value: from }, before_date: { type: 'DATE', value: beforeDate } },
  );
}
