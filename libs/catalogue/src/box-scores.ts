import { hours, minutes } from '@handoff/contracts';
import { withStandIns } from './outputs.ts';
import { scrapers, type Scraper } from './scrapers.ts';

/** The output that every final game needs; what stands in for it is in `outputs`. */
export const boxScoreOutput = 'nba_raw.bdl_player_boxscores';

/** Who is asked for a game that has no box score: whatever loads the output, or one that stands in for it. */
export const boxScoreScrapers: readonly Scraper[] = scrapers.filter(({ loads }) => withStandIns(boxScoreOutput).includes(loads));

/** The numbers by which box scores are judged complete (requirement F073, reference section 13.4). */
export const boxScoreCompleteness = {
  /** A team's share of games with a box score, in percent: below these it is told of. */
  warningPct: 90,
  criticalPct: 70,
  /** The days of games by which a team is judged; holes are looked for in the whole season. */
  recentDays: 14,
  /** A box score is due this long after tip-off: the night's last collection is over by then. */
  dueAfterMs: hours(6),
  /** Games whose box scores have arrived in this many days clear the breakers of their players and teams. */
  arrivedDays: 3,
} as const;

/** How holes are filled: so many games at a time, each not again for a while, and not for ever. */
export const boxScoreBackfill = { gamesMax: 20, cooldownMs: hours(4), attemptsMax: 3 } as const;

/** Whose home games end last, for the night's collections (requirement F031). */
export const westCoastTeams: ReadonlySet<string> = new Set(['GSW', 'LAL', 'LAC', 'SAC', 'POR', 'PHX']);

/** What is known of a game's length before it is over (requirement F031), and from which Eastern hour on it tips off late. */
export const gameTimes = { endsAfterMs: minutes(150), lateFromHour: 22 } as const;
