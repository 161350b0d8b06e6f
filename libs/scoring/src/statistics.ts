/** Mean, or null of nothing. */
export const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation of the population, or null of fewer than two values. */
export function standardDeviation(values: readonly number[]): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
}

/** Sum of `top` over sum of `bottom`, or null when there is nothing below. */
export function ratioOf<Value>(values: readonly Value[], top: (value: Value) => number, bottom: (value: Value) => number): number | null {
  const below = values.reduce((sum, value) => sum + bottom(value), 0);
  return below > 0 ? values.reduce((sum, value) => sum + top(value), 0) / below : null;
}

export const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
