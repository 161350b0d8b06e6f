import { featureQuality, windowCompletenessPct } from '@handoff/catalogue';
import type { GameDate } from '@handoff/contracts';
import type { FlowContext, Ports, StateDocument, StateRef } from '@handoff/ports';
import { loadFeatureBaseline, loadFeatureMarks, loadSeasonSchedule, loadWindowMarks } from '@handoff/read-models';
import { isBootstrap, lineFeatures } from '@handoff/scoring';
import { seasonYearOf } from '@handoff/slate';
import { judgeFeatureQuality, judgeWindows, type FeatureBaseline } from '@handoff/validation';
import { firstGameDateOf } from './make-features.ts';

/** `feature_baselines`: what the days before a date were like, read once for the date: they do not change while it is worked on. */
interface BaselineDocument extends StateDocument, FeatureBaseline {
  /** True in a season's first weeks, in which nothing is told of windows that are still short. */
  readonly isBootstrap: boolean;
}

/** Judges the feature vectors and the rolling windows of a date; one incident each, resolved by the run after which all is well. */
export async function checkFeatures(date: GameDate, { ports }: FlowContext): Promise<void> {
  const marks = await loadFeatureMarks(ports.warehouse, date);
  const windows = await loadWindowMarks(ports.warehouse, date);
  if (marks.length === 0 || windows === undefined) return;
  const baseline = await baselineOf(date, ports);
  if (baseline.isBootstrap) return;
  const quality = judgeFeatureQuality(marks, { baseline, optional: lineFeatures, thresholds: featureQuality });
  await tell(ports, { cause: 'feature-quality-low', date, ...quality, title: `features of ${date} are poor: ${quality.reasons[0] ?? ''}` });
  const completeness = judgeWindows(windows, windowCompletenessPct);
  await tell(ports, { cause: 'window-completeness-low', date, ...completeness, title: `windows of ${date} are incomplete: ${completeness.reasons.join(', ')}` });
}

async function baselineOf(date: GameDate, { state, warehouse }: Ports): Promise<BaselineDocument> {
  const ref: StateRef = { collection: 'feature_baselines', id: date };
  const known = await state.get<BaselineDocument>(ref);
  if (known !== undefined) return known.value;
  const rows = await loadFeatureBaseline(warehouse, date, featureQuality.baselineDays);
  const all = rows.find(({ feature_name: name }) => name === 'all');
  const vectors = all?.vectors ?? 0;
  const finalGames = (await loadSeasonSchedule(warehouse, date)).filter((game) => game.game_status === 3 && !game.is_postponed);
  const value: BaselineDocument = {
    qualityMean: vectors === 0 ? null : (all?.quality ?? null),
    defaultPct: Object.fromEntries(rows.filter((row) => row !== all).map((row) => [row.feature_name, (100 * row.vectors) / vectors])),
    isBootstrap: isBootstrap(date, firstGameDateOf(finalGames, seasonYearOf(date))),
  };
  await state.batch([{ kind: 'set', ref, value }]);
  return value;
}

interface Judged {
  readonly cause: 'feature-quality-low' | 'window-completeness-low';
  readonly date: GameDate;
  readonly severity: 'ok' | 'error' | 'critical';
  readonly reasons: readonly string[];
  readonly title: string;
}

async function tell({ notifier, clock }: Ports, { cause, date, severity, reasons, title }: Judged): Promise<void> {
  const at = clock.now();
  if (severity === 'ok') return notifier.resolve(cause, date, at);
  await notifier.alert({ cause, subject: date, severity, title, facts: { gameDate: date, reasons: [...reasons] }, at });
}
