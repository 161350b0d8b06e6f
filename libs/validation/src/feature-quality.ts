/** A feature vector, as far as its quality is judged. */
export interface FeatureMark extends Record<string, unknown> {
  readonly player_lookup: string;
  /** 0 to 100. */
  readonly feature_quality_score: number;
  readonly default_feature_names: readonly string[];
}

/** What the days before were like; null where there were no features. */
export interface FeatureBaseline {
  readonly qualityMean: number | null;
  /** Percent of the vectors in which a feature was a constant; absent: in none. */
  readonly defaultPct: Readonly<Record<string, number>>;
}

export interface QualityThresholds {
  readonly errorBelow: number;
  readonly criticalBelow: number;
  readonly dropMax: number;
  readonly usualDefaultPct: number;
  readonly holeDefaultPct: number;
}

export interface QualityFinding {
  readonly severity: 'ok' | 'error' | 'critical';
  /** Mean over the players, 0 to 100. */
  readonly qualityMean: number;
  /** In words, the worst first. */
  readonly reasons: readonly string[];
}

/**
 * Judges the features of a date: by their mean, by how far that fell against the days before, and feature by feature,
 * since one that is missing for everybody costs the mean two points and the predictions their sense.
 *
 * @param optional - features that may rightly be missing for everybody: those that a line is needed for.
 * @throws RangeError of no vectors: there is nothing to judge.
 */
export function judgeFeatureQuality(marks: readonly FeatureMark[], { baseline, optional, thresholds }: { readonly baseline: FeatureBaseline; readonly optional: ReadonlySet<string>; readonly thresholds: QualityThresholds }): QualityFinding {
  if (marks.length === 0) throw new RangeError('no feature vectors to judge');
  const { errorBelow, criticalBelow, dropMax, usualDefaultPct, holeDefaultPct } = thresholds;
  const qualityMean = marks.reduce((sum, mark) => sum + mark.feature_quality_score, 0) / marks.length;
  const drop = baseline.qualityMean === null ? 0 : baseline.qualityMean - qualityMean;
  const holes = baseline.qualityMean === null ? [] : [...defaultShares(marks)].filter(([name, pct]) => !optional.has(name) && pct > holeDefaultPct && (baseline.defaultPct[name] ?? 0) <= usualDefaultPct);
  const reasons = [
    ...(qualityMean < errorBelow ? [`mean quality ${qualityMean.toFixed(1)}, below ${qualityMean < criticalBelow ? criticalBelow : errorBelow}`] : []),
    ...(drop > dropMax ? [`mean quality fell by ${drop.toFixed(1)} from ${(baseline.qualityMean ?? 0).toFixed(1)}`] : []),
    ...holes.sort(([left], [right]) => left.localeCompare(right, 'en')).map(([name, pct]) => `${name} is a constant for ${pct.toFixed(0)} % of the players`),
  ];
  return { severity: reasons.length === 0 ? 'ok' : qualityMean < criticalBelow ? 'critical' : 'error', qualityMean, reasons };
}

function defaultShares(marks: readonly FeatureMark[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of marks.flatMap((mark) => mark.default_feature_names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...counts].map(([name, count]) => [name, (100 * count) / marks.length]));
}

/** The mean completeness of each rolling window over the players of a date, 0 to 100. */
export interface WindowMarks extends Record<string, unknown> {
  readonly l5: number;
  readonly l10: number;
  readonly l7d: number;
  readonly l14d: number;
  readonly l30d: number;
}

/** Judges the windows one by one: a month that is whole does not make up for a week that is not. */
export function judgeWindows({ l5, l10, l7d, l14d, l30d }: WindowMarks, { errorBelow, criticalBelow }: { readonly errorBelow: number; readonly criticalBelow: number }): { readonly severity: 'ok' | 'error' | 'critical'; readonly reasons: readonly string[] } {
  const low = Object.entries({ L5: l5, L10: l10, L7d: l7d, L14d: l14d, L30d: l30d }).filter(([, pct]) => pct < errorBelow);
  const severity = low.length === 0 ? 'ok' : low.some(([, pct]) => pct < criticalBelow) ? 'critical' : 'error';
  return { severity, reasons: low.map(([name, pct]) => `${name} ${pct.toFixed(1)} %`) };
}
