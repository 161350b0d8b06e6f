import { roundTo } from '@handoff/contracts';

/** Where a feature's value came from: the daily cache, worked out in place, the phase 3 fallback, or a constant. */
export type FeatureOrigin = 'phase4' | 'calculated' | 'phase3' | 'default';

/** Reference section 8.2; the fallback's weight was 75 before January 2026. */
const weights: Readonly<Record<FeatureOrigin, number>> = { phase4: 100, calculated: 100, phase3: 87, default: 40 };

/** Mean of the origins' weights, 0 to 100, 2 decimals; 0 of none. */
export const qualityScore = (origins: readonly FeatureOrigin[]): number =>
  origins.length === 0 ? 0 : roundTo(origins.reduce((sum, origin) => sum + weights[origin], 0) / origins.length, 2);

/** high from 95, medium from 70, else low: reference section 8.2. */
export const qualityTier = (score: number): 'high' | 'medium' | 'low' => (score >= 95 ? 'high' : score >= 70 ? 'medium' : 'low');

/** phase4 from a 90 % share of phase 4, phase4_partial from 50 %, phase3 from 50 % of the fallback, else mixed: reference section 8.2. */
export function dataSourceOf(origins: readonly FeatureOrigin[]): 'phase4' | 'phase4_partial' | 'phase3' | 'mixed' {
  const shareOf = (wanted: FeatureOrigin): number => origins.filter((origin) => origin === wanted).length / Math.max(1, origins.length);
  if (shareOf('phase4') >= 0.9) return 'phase4';
  if (shareOf('phase4') >= 0.5) return 'phase4_partial';
  return shareOf('phase3') >= 0.5 ? 'phase3' : 'mixed';
}

/** What a quality score allows: reference section 9.3. */
export type QualityVerdict = 'normal' | 'low-confidence' | 'skip';

/** 70 and above normal, 50 to 70 low confidence, below 50 skip (PREDICTION_MIN_QUALITY_THRESHOLD). */
export const judgeQuality = (score: number): QualityVerdict => (score >= 70 ? 'normal' : score >= 50 ? 'low-confidence' : 'skip');
