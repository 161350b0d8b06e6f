/** An output and the scope that it is about, a game's official id or `slate`. */
export interface OutputScope {
  readonly output: string;
  readonly scope: string;
}

/** How the two are written as one in reasons, missing lists and keys: `nba_raw.bdl_player_boxscores|0022500645`. */
export const pairOf = (output: string, scope: string): string => `${output}|${scope}`;

/** The output and the scope of a pair. */
export function partsOfPair(pair: string): OutputScope {
  const end = pair.indexOf('|');
  return { output: pair.slice(0, end), scope: pair.slice(end + 1) };
}
