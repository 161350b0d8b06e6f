import type { OfficialGameId } from '@handoff/contracts';
import type { StepRow } from './boundary-units.ts';

/** A game that is summarised for fewer players than its box score lists. */
export interface PlayerCount {
  readonly game: OfficialGameId;
  readonly listed: number;
  readonly summarised: number;
  /** 0 to 100. */
  readonly coveragePct: number;
  readonly finding: 'log' | 'alert';
  /** Players without a summary, in order. */
  readonly missing: readonly string[];
}

/** Compares the summaries of games with their box scores, player by player. A game without a box score is not judged. */
export function comparePlayers(listed: readonly StepRow[], summarised: readonly StepRow[], { logBelowPct, alertBelowPct }: { readonly logBelowPct: number; readonly alertBelowPct: number }): readonly PlayerCount[] {
  const present = new Set(summarised.map((row) => `${row.nba_game_id}|${row.player_lookup}`));
  return [...new Set(listed.map((row) => row.nba_game_id))].sort().flatMap((game): PlayerCount[] => {
    const players = [...new Set(listed.filter((row) => row.nba_game_id === game).map((row) => row.player_lookup))].sort();
    const missing = players.filter((player) => !present.has(`${game}|${player}`));
    const coveragePct = (100 * (players.length - missing.length)) / players.length;
    if (coveragePct >= logBelowPct) return [];
    return [{ game: game as OfficialGameId, listed: players.length, summarised: players.length - missing.length, coveragePct, finding: coveragePct < alertBelowPct ? 'alert' : 'log', missing }];
  });
}
