import { elapsed, type EpochMs, type PlayerLookup, type PlayerPointsLineRow } from '@handoff/contracts';
import { dateGameIdOf, type KnownGame } from '@handoff/slate';

export type PointsLineContent = Omit<PlayerPointsLineRow, 'data_hash' | 'source_file_path' | 'fetched_at' | 'processed_at'>;

/** A points line as a source offers it. */
export interface OfferedLine {
  readonly game: KnownGame;
  readonly eventId: string;
  readonly bookmaker: string;
  readonly player: PlayerLookup;
  readonly playerName: string;
  readonly points: number;
  readonly overPrice: number | null;
  readonly underPrice: number | null;
  readonly snapshotAt: EpochMs;
}

/** The row of an offered line. It is usable when the source offered it before the game's tip-off as known now. */
export function pointsLineContent(line: OfferedLine): PointsLineContent {
  return {
    game_date: line.game.gameDate,
    game_id: dateGameIdOf(line.game),
    nba_game_id: line.game.officialId,
    source_event_id: line.eventId,
    bookmaker: line.bookmaker,
    player_lookup: line.player,
    player_name: line.playerName,
    line_key: String(Math.round(line.points * 10)),
    points_line: line.points,
    over_price_american: line.overPrice,
    under_price_american: line.underPrice,
    snapshot_at: line.snapshotAt,
    minutes_before_tipoff: Math.floor(elapsed(line.snapshotAt, line.game.tipAt) / 60_000),
    is_usable: line.snapshotAt < line.game.tipAt,
  };
}
