import { after, hashOf, minutes, type EpochMs } from '@handoff/contracts';
import { hasMoved, type Announcement, type RecordedGame, type RecordedSeason } from './recorded-season.ts';

/** From tip-off to the final whistle, for every game: 2 h 30. */
export const gameLength = minutes(150);

/** When the game is over. */
export const finalAt = (game: RecordedGame): EpochMs => after(game.actualTipAt, gameLength);

/**
 * When a source has the game's box score: 2 to 25 minutes after the final whistle, always the same for one
 * game and source.
 */
export const boxScoreAt = (game: RecordedGame, source: string): EpochMs =>
  after(finalAt(game), minutes(2 + (Number.parseInt(hashOf(`${source}/${game.officialId}`).slice(0, 8), 16) % 24)));

/** The move of a game, if it moved and that is known by now. */
export function announcedMove(season: RecordedSeason, game: RecordedGame, now: EpochMs): Announcement | undefined {
  const announcement = hasMoved(game) ? season.announcements.get(game.officialId) : undefined;
  return announcement !== undefined && announcement.announcedAt <= now ? announcement : undefined;
}

export type GameState = 'scheduled' | 'live' | 'final';

/** The state of a game on the date on which it is played. Without a score it was, as far as is known, not played. */
export function stateAt(game: RecordedGame, now: EpochMs): GameState {
  if (now < game.actualTipAt || game.homeScore === null || game.awayScore === null) return 'scheduled';
  return now < finalAt(game) ? 'live' : 'final';
}
