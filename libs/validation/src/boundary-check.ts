import type { Boundary, BoundaryName } from '@handoff/catalogue';
import type { EpochMs, OfficialGameId } from '@handoff/contracts';

/** What a boundary counts: a game, or a player or prediction of it. */
export interface BoundaryUnit {
  readonly game: OfficialGameId;
  /** Names it within the game: a player, a player and system, or the game again. */
  readonly unit: string;
}

/** A unit of the step before, and from when on the next one should have it. */
export interface ExpectedUnit extends BoundaryUnit {
  readonly dueAt: EpochMs;
}

export interface BoundaryFacts {
  readonly boundary: Boundary;
  readonly expected: readonly ExpectedUnit[];
  readonly present: readonly BoundaryUnit[];
}

/** A game that lacks something behind a boundary. */
export interface IncompleteGame {
  readonly game: OfficialGameId;
  readonly expected: number;
  readonly missing: readonly string[];
}

export type BoundarySeverity = 'ok' | 'warning' | 'error';

/** What was found at one boundary of a date. */
export interface BoundaryCheck {
  readonly boundary: BoundaryName;
  readonly counts: Boundary['counts'];
  /** Due units, and how many of them are there. What is there before it is due counts as both. */
  readonly expected: number;
  readonly present: number;
  /** Units that may still be on their way. */
  readonly notDue: number;
  /** 0 to 100; null where nothing is due. */
  readonly coveragePct: number | null;
  readonly severity: BoundarySeverity;
  readonly games: number;
  /** Games of which anything is there. */
  readonly gamesPresent: number;
  readonly incomplete: readonly IncompleteGame[];
}

export interface BoundaryThresholds {
  readonly warningPct: number;
  readonly errorPct: number;
}

const keyOf = ({ game, unit }: BoundaryUnit): string => `${game}|${unit}`;

/**
 * Compares what a step should have with what it has. Nothing is missing before it is due, and where nothing is due
 * there is nothing to judge.
 */
export function checkBoundary({ boundary, expected, present }: BoundaryFacts, { warningPct, errorPct }: BoundaryThresholds, now: EpochMs): BoundaryCheck {
  const there = new Set(present.map(keyOf));
  const judged = expected.filter((unit) => there.has(keyOf(unit)) || unit.dueAt <= now);
  const missing = judged.filter((unit) => !there.has(keyOf(unit)));
  const coveragePct = judged.length === 0 ? null : (100 * (judged.length - missing.length)) / judged.length;
  const games = [...new Set(judged.map(({ game }) => game))].sort();
  const incomplete = games.flatMap((game): IncompleteGame[] => {
    const lacking = missing.filter((unit) => unit.game === game).map(({ unit }) => unit);
    return lacking.length === 0 ? [] : [{ game, expected: judged.filter((unit) => unit.game === game).length, missing: lacking.sort() }];
  });
  return {
    boundary: boundary.name, counts: boundary.counts, expected: judged.length, present: judged.length - missing.length, notDue: expected.length - judged.length,
    coveragePct, severity: coveragePct === null || coveragePct >= warningPct ? 'ok' : coveragePct >= errorPct ? 'warning' : 'error',
    games: games.length, gamesPresent: games.length - incomplete.filter((game) => game.missing.length === game.expected).length, incomplete,
  };
}

/** The worst of some severities; `ok` of none. */
export const worstOf = (severities: readonly BoundarySeverity[]): BoundarySeverity =>
  severities.includes('error') ? 'error' : severities.includes('warning') ? 'warning' : 'ok';

export interface ValidationThresholds {
  readonly gameRatioMin: number;
  readonly gameRatioErrorBelow: number;
  readonly qualityMin: number;
}

/** The boundary validator's word on a check: by the share of games that came through at all, and by the quality of what did, 0 to 1. */
export interface BoundaryValidation {
  readonly gameRatio: number | null;
  readonly quality: number | null;
  readonly verdict: BoundarySeverity;
}

export function validateBoundary({ games, gamesPresent }: BoundaryCheck, quality: number | null, thresholds: ValidationThresholds): BoundaryValidation {
  const gameRatio = games === 0 ? null : gamesPresent / games;
  const byGames = gameRatio === null || gameRatio >= thresholds.gameRatioMin ? 'ok' : gameRatio >= thresholds.gameRatioErrorBelow ? 'warning' : 'error';
  const byQuality = quality === null || quality >= thresholds.qualityMin ? 'ok' : 'warning';
  return { gameRatio, quality, verdict: worstOf([byGames, byQuality]) };
}
