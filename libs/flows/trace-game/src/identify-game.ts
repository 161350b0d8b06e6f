import { gameDate, OfficialGameId, PipelineError, Tricode, type GameDate } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import { loadPlannedGames, type PlannedGame } from '@handoff/read-models';
import { addDays, parseDateGameId, parseGameCode, parseOfficialId, resolveGame, seasonStart, type GameParts, type KnownGame } from '@handoff/slate';

/** A game by its official id, and every date on which it was planned, in order. */
export interface IdentifiedGame {
  readonly officialId: OfficialGameId;
  readonly home: Tricode;
  readonly away: Tricode;
  readonly dates: readonly GameDate[];
  /** `reversed`: the id that was asked for names the teams the other way round. */
  readonly resolution: 'found' | 'reversed';
}

/**
 * Finds the game that any of the ids means which people write: official, date id or game code, with any source's team
 * codes, in either order of the teams. A game that moved is found by either of its dates.
 *
 * @throws `game-id-malformed` for what is no id, `game-unknown` for one of a game that the schedule does not have.
 */
export async function identifyGame(warehouse: Warehouse, asked: string): Promise<IdentifiedGame> {
  const text = asked.trim().toUpperCase();
  const parts = partsOf(text);
  const span = parts === undefined ? seasonOf(text) : { from: parts.gameDate, until: parts.gameDate };
  const planned = await loadPlannedGames(warehouse, { game: parts === undefined ? OfficialGameId.parse(text) : null, ...span });
  const found = resolveGame(planned.map(knownGame), parts ?? text);
  if (found.kind === 'unknown') throw new PipelineError({ code: 'game-unknown', disposition: 'reject', message: `the schedule has no game ${asked}`, facts: { game: asked } });
  const { officialId, home, away } = found.game;
  const rows = await loadPlannedGames(warehouse, { game: officialId, ...seasonOf(officialId) });
  return { officialId, home, away, dates: rows.map((row) => gameDate(row.game_date)), resolution: found.kind };
}

function partsOf(text: string): GameParts | undefined {
  if (text.includes('_')) return parseDateGameId(text);
  return text.includes('/') ? parseGameCode(text) : undefined;
}

function seasonOf(officialId: string): { readonly from: GameDate; readonly until: GameDate } {
  const { seasonYear } = parseOfficialId(officialId);
  return { from: seasonStart(seasonYear), until: addDays(seasonStart(seasonYear + 1), -1) };
}

const knownGame = (row: PlannedGame): KnownGame => ({
  officialId: OfficialGameId.parse(row.game_id), gameDate: gameDate(row.game_date), home: Tricode.parse(row.home_team_tricode), away: Tricode.parse(row.away_team_tricode), tipAt: row.tip_at,
});
