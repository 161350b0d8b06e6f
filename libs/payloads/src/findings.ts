import type { OfficialGameId, PlayerLookup, GameDate } from '@handoff/contracts';
import type { KnownGame } from '@handoff/slate';
import type { ParsedPayload, SpokenOf, Unresolved } from './payload.ts';

/** Collects, during one transform, everything that an answer says besides its rows. */
export class Findings {
  readonly #unresolved = new Map<string, Unresolved>();
  readonly #ignored = new Map<string, number>();
  readonly #notStarted = new Set<OfficialGameId>();
  readonly #games = new Map<string, { readonly officialId: OfficialGameId; readonly gameDate: GameDate; readonly players: Set<PlayerLookup> }>();

  unresolved(kind: Unresolved['kind'], value: string, reason: string): void {
    const key = JSON.stringify([kind, value, reason]);
    this.#unresolved.set(key, { kind, value, reason, count: (this.#unresolved.get(key)?.count ?? 0) + 1 });
  }

  ignored(reason: string): void {
    this.#ignored.set(reason, (this.#ignored.get(reason) ?? 0) + 1);
  }

  notStarted(game: KnownGame): void {
    this.#notStarted.add(game.officialId);
  }

  /** Notes that the answer speaks of the game, and of the player in it. */
  speaksOf(game: KnownGame, player?: PlayerLookup): void {
    const key = `${game.gameDate}/${game.officialId}`;
    const known = this.#games.get(key) ?? { officialId: game.officialId, gameDate: game.gameDate, players: new Set() };
    if (player !== undefined) known.players.add(player);
    this.#games.set(key, known);
  }

  with(rows: ParsedPayload['rows'], hasMore = false): ParsedPayload {
    const games: readonly SpokenOf[] = [...this.#games.values()].map((game) => ({ ...game, players: [...game.players] }));
    return { rows, games, notStarted: [...this.#notStarted], unresolved: [...this.#unresolved.values()], ignored: Object.fromEntries(this.#ignored), hasMore };
  }
}
