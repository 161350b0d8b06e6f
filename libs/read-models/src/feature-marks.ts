import type { GameDate } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import { addDays } from '@handoff/slate';
import type { FeatureMark, WindowMarks } from '@handoff/validation';
import featureBaseline from './feature-baseline.sql';
import featureMarksOfDate from './feature-marks-of-date.sql';
import windowMarksOfDate from './window-marks-of-date.sql';

/** How good each feature vector of a date is. */
export const loadFeatureMarks = (warehouse: Warehouse, date: GameDate): Promise<readonly FeatureMark[]> =>
  warehouse.query<FeatureMark>({ name: 'read-models/feature-marks-of-date', text: featureMarksOfDate }, { game_date: { type: 'DATE', value: date } });

/** How complete the rolling windows of a date are, on the mean of its players; undefined without any. */
export async function loadWindowMarks(warehouse: Warehouse, date: GameDate): Promise<WindowMarks | undefined> {
  const [row] = await warehouse.query<WindowMarks & { readonly players: number }>({ name: 'read-models/window-marks-of-date', text: windowMarksOfDate }, { game_date: { type: 'DATE', value: date } });
  return row === undefined || row.players === 0 ? undefined : { l5: row.l5, l10: row.l10, l7d: row.l7d, l14d: row.l14d, l30d: row.l30d };
}

/** `all`: how many vectors, and their mean quality; else how many of them have a constant for the feature. */
export interface FeatureBaselineRow extends Record<string, unknown> {
  readonly feature_name: string;
  readonly vectors: number;
  readonly quality: number | null;
}

/** What the features of so many days before a date were like. */
export const loadFeatureBaseline = (warehouse: Warehouse, date: GameDate, days: number): Promise<readonly FeatureBaselineRow[]> =>
  warehouse.query<FeatureBaselineRow>({ name: 'read-models/feature-baseline', text: featureBaseline }, { from_date: { type: 'DATE', value: addDays(date, -days) }, before_date: { type: 'DATE', value: date } });
