import type { EpochMs, GameDate, OfficialGameId, PlayerLookup, Row } from '@handoff/contracts';
import type { ScraperName } from '@handoff/catalogue';
import type { KnownGame } from '@handoff/slate';

/** What a transform is told besides the stored answer itself. */
export interface TransformContext {
  /** The date that was asked for; the first one of a range. */
  readonly gameDate: GameDate;
  /** When the source was asked. */
  readonly fetchedAt: EpochMs;
  /** When the rows are written: the flow's clock. */
  readonly processedAt: EpochMs;
  /** The path of the stored answer, for provenance and errors. */
  readonly path: string;
  /**
   * The games that the answer can speak of, with their tip-offs as known now; a moved game is listed on
   * each of its dates. What is not among them is reported as unresolved.
   */
  readonly games: readonly KnownGame[];
}

/** A game that an answer speaks of, and the players with rows in it. */
export interface SpokenOf {
  readonly officialId: OfficialGameId;
  readonly gameDate: GameDate;
  readonly players: readonly PlayerLookup[];
}

/**
 * Something in an answer that could not be understood, so that no row was made of it.
 *
 * | kind | value | reasons |
 * |---|---|---|
 * | game | the source's game or event | `unknown-game`, `reversed-teams`, `not-on-that-date`, `conflicting-rows` |
 * | team | the source's name of it | `unknown-team` |
 * | player | the source's name of him | `unreadable-name`, `not-of-this-game`, `stats-missing`, `conflicting-rows` |
 * | status | the source's word | `unknown-status` |
 */
export interface Unresolved {
  readonly kind: 'game' | 'team' | 'player' | 'status';
  readonly value: string;
  readonly reason: string;
  /** How many entries of the answer it concerns. */
  readonly count: number;
}

/** What an answer says: rows ready to be written, and everything that is not in them, by name or by number. */
export interface ParsedPayload {
  readonly rows: readonly Row[];
  readonly games: readonly SpokenOf[];
  /** Games that the answer lists and that are not final: no rows are made of them. */
  readonly notStarted: readonly OfficialGameId[];
  readonly unresolved: readonly Unresolved[];
  /** Entries left out by design, counted by reason: `duplicate`, `other-market`, `combination`, … */
  readonly ignored: Readonly<Record<string, number>>;
  /** True when the source has further pages that this answer does not hold. */
  readonly hasMore: boolean;
}

/** Turns one source's stored answer into the rows of its raw table. Pure. */
export interface PayloadTransform {
  readonly scraper: ScraperName;
  /**
   * @throws PipelineError `payload-malformed` (reject) naming the place, when the answer does not have the
   *   shape that the source has documented or shown.
   */
  readonly parse: (text: string, context: TransformContext) => ParsedPayload;
}
