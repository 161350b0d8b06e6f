import type { Appearance, PlayerGameSummary } from '@handoff/analytics';
import type { GameDate } from '@handoff/contracts';
import type { Parameters, Warehouse } from '@handoff/ports';
import type { PlayedGame } from '@handoff/scoring';
import { seasonStart, seasonYearOf } from '@handoff/slate';
import gamesOfPlayers from './games-of-players.sql';
import playerHistory from './player-history.sql';
import recentAppearances from './recent-appearances.sql';

const span = (from: GameDate, beforeDate: GameDate): Parameters => ({ from_date: { type: 'DATE', value: from }, before_date: { type: 'DATE', value: beforeDate } });

/** Whole player summaries from one date on and strictly before another, in key order. */
export function loadPlayerGames(warehouse: Warehouse, from: GameDate, beforeDate: GameDate): Promise<readonly PlayerGameSummary[]> {
  return warehouse.query<PlayerGameSummary>({ name: 'read-models/player-history', text: playerHistory }, span(from, beforeDate));
}

/** Who played for whom from one date on and strictly before another. */
export function loadAppearances(warehouse: Warehouse, from: GameDate, beforeDate: GameDate): Promise<readonly Appearance[]> {
  return warehouse.query<Appearance>({ name: 'read-models/recent-appearances', text: recentAppearances }, span(from, beforeDate));
}

/** This season's games with minutes of some players, strictly before a date. */
export function loadGamesOfPlayers(warehouse: Warehouse, players: readonly string[], beforeDate: GameDate): Promise<readonly PlayedGame[]> {
  return warehouse.query<PlayedGame>(
    { name: 'read-models/games-of-players', text: gamesOfPlayers },
    { ...span(seasonStart(seasonYearOf(beforeDate)), beforeDate), players: { type: 'ARRAY<STRING>', value: players } },
  );
}
