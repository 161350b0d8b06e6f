import type { GameDate } from '@handoff/contracts';
import { tricodeOf, type KnownGame } from '@handoff/slate';
import type { Findings } from './findings.ts';

/** The sides of a game as a source names them: codes, full names, in its own spelling. */
export interface NamedSides {
  readonly gameDate: GameDate;
  readonly home: string;
  readonly away: string;
}

/** Finds games among the known ones; what it does not find, it reports. Lookups are indexed: once per answer. */
export class KnownGames {
  readonly #bySides = new Map<string, KnownGame>();
  readonly #byId = new Map<string, KnownGame>();
  readonly #findings: Findings;

  constructor(games: readonly KnownGame[], findings: Findings) {
    this.#findings = findings;
    for (const game of games) {
      this.#bySides.set(`${game.gameDate}/${game.away}/${game.home}`, game);
      this.#byId.set(`${game.gameDate}/${game.officialId}`, game);
    }
  }

  /** The game of these teams that day. Unknown teams, unknown games and swapped sides are reported. */
  bySides(sides: NamedSides): KnownGame | undefined {
    const home = this.#tricode(sides.home);
    const away = this.#tricode(sides.away);
    if (home === undefined || away === undefined) return undefined;
    const straight = this.#bySides.get(`${sides.gameDate}/${away}/${home}`);
    if (straight !== undefined) return straight;
    const isReversed = this.#bySides.has(`${sides.gameDate}/${home}/${away}`);
    this.#findings.unresolved('game', `${sides.gameDate} ${away}@${home}`, isReversed ? 'reversed-teams' : 'unknown-game');
    return undefined;
  }

  /** The game of two teams that day, for sources that do not say who is at home. */
  byTeams(date: GameDate, one: string, other: string): KnownGame | undefined {
    const first = this.#tricode(one);
    const second = this.#tricode(other);
    if (first === undefined || second === undefined) return undefined;
    const game = this.#bySides.get(`${date}/${first}/${second}`) ?? this.#bySides.get(`${date}/${second}/${first}`);
    if (game === undefined) this.#findings.unresolved('game', `${date} ${first}-${second}`, 'unknown-game');
    return game;
  }

  /** The game with the league's id, if it is played on that date. */
  byId(date: GameDate, officialId: string): KnownGame | undefined {
    const game = this.#byId.get(`${date}/${officialId}`);
    if (game === undefined) {
      const isElsewhere = [...this.#byId.values()].some((other) => other.officialId === officialId);
      this.#findings.unresolved('game', `${date} ${officialId}`, isElsewhere ? 'not-on-that-date' : 'unknown-game');
    }
    return game;
  }

  #tricode(name: string): string | undefined {
    const tricode = tricodeOf(name);
    if (tricode === undefined) this.#findings.unresolved('team', name, 'unknown-team');
    return tricode;
  }
}
