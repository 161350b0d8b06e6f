import type { GameDate, OfficialGameId, Tricode } from '@handoff/contracts';

/** A game that should have a box score by now. */
export interface DueGame {
  readonly gameDate: GameDate;
  readonly officialId: OfficialGameId;
  readonly teams: readonly [Tricode, Tricode];
  readonly isPresent: boolean;
}

export interface TeamCoverage {
  readonly team: Tricode;
  readonly games: number;
  readonly present: number;
  /** Percent of its games that have a box score, 0 to 100. */
  readonly coveragePct: number;
  readonly severity: 'ok' | 'warning' | 'critical';
  readonly missing: readonly { readonly gameDate: GameDate; readonly officialId: OfficialGameId }[];
}

export interface CoverageThresholds {
  readonly warningPct: number;
  readonly criticalPct: number;
}

/** Judges how many of its games each team has a box score of, worst first, then by name. A team without games is not judged. */
export function judgeTeams(games: readonly DueGame[], { warningPct, criticalPct }: CoverageThresholds): readonly TeamCoverage[] {
  const teams = [...new Set(games.flatMap((game) => game.teams))];
  return teams.map((team): TeamCoverage => {
    const own = games.filter((game) => game.teams.includes(team));
    const present = own.filter(({ isPresent }) => isPresent).length;
    const coveragePct = (100 * present) / own.length;
    const severity = coveragePct < criticalPct ? 'critical' : coveragePct < warningPct ? 'warning' : 'ok';
    return { team, games: own.length, present, coveragePct, severity, missing: own.filter(({ isPresent }) => !isPresent).map(({ gameDate, officialId }) => ({ gameDate, officialId })) };
  }).sort((left, right) => left.coveragePct - right.coveragePct || left.team.localeCompare(right.team, 'en'));
}
