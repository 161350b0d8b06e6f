import type { BoundaryCheck } from './boundary-check.ts';

export type ScorecardStatus = 'healthy' | 'degraded' | 'unhealthy' | 'critical';

export interface ScorecardBands {
  readonly healthy: number;
  readonly degraded: number;
  readonly unhealthy: number;
}

export interface Score {
  /** 0 to 100, 1 decimal; null where nothing is due yet. */
  readonly score: number | null;
  readonly status: ScorecardStatus | 'nothing-due';
}

/**
 * The score of a date: the mean of its boundaries' coverage and of the mean feature quality, in percent. A boundary
 * that is bad keeps the date out of the bands above it, so that four good ones hide no hole: a warning holds it below
 * healthy, an error below degraded.
 */
export function scoreDay(checks: readonly BoundaryCheck[], qualityPct: number | null, bands: ScorecardBands): Score {
  const parts = [...checks.flatMap(({ coveragePct }) => coveragePct ?? []), ...(qualityPct === null ? [] : [qualityPct])];
  if (checks.every(({ coveragePct }) => coveragePct === null)) return { score: null, status: 'nothing-due' };
  const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length;
  const has = (severity: BoundaryCheck['severity']): boolean => checks.some((check) => check.severity === severity);
  const ceiling = has('error') ? bands.degraded - 0.1 : has('warning') ? bands.healthy - 0.1 : 100;
  const score = Math.round(Math.min(mean, ceiling) * 10) / 10;
  const status = score >= bands.healthy ? 'healthy' : score >= bands.degraded ? 'degraded' : score >= bands.unhealthy ? 'unhealthy' : 'critical';
  return { score, status };
}
