import { PipelineError, type GameDate, type OfficialGameId } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import activeDuplicates from './active-duplicates.sql';

interface ActiveDuplicate {
  readonly nba_game_id: string;
  readonly player_lookup: string;
  readonly system_id: string;
  readonly active_rows: number;
  /** Fewer than the rows: the natural key itself is there twice. */
  readonly lines: number;
}

/** As many keys as people read. */
const keysMax = 20;

/**
 * Counts after a write: a date, game, player and system has one active row at most, whatever its line.
 *
 * @throws `duplicate-predictions` (reject): no MERGE of ours makes such rows, and none takes them away. The request is
 *   not answered, so nothing of it is announced; the batch sends it again later, which succeeds once they are gone.
 */
export async function refuseDuplicates(warehouse: Warehouse, gameDate: GameDate, games: readonly OfficialGameId[]): Promise<void> {
  const found = await warehouse.query<ActiveDuplicate & Record<string, unknown>>(
    { name: 'predict-games/active-duplicates', text: activeDuplicates },
    { game_date: { type: 'DATE', value: gameDate }, games: { type: 'ARRAY<STRING>', value: games } },
  );
  if (found.length === 0) return;
  const keys = found.map((row) => `${row.nba_game_id}|${row.player_lookup}|${row.system_id}: ${row.active_rows} rows, ${row.lines} lines`);
  throw new PipelineError({
    code: 'duplicate-predictions', disposition: 'reject',
    message: `${found.length} players and systems of ${gameDate} have more than one active prediction: take the surplus away, then send the request again`,
    facts: { gameDate, count: found.length, keys: keys.slice(0, keysMax) },
  });
}
