/** The line_key of a prediction without a line: part of a key, so not null. */
export const noLineKey = 'none';

/**
 * A line as part of a key: tenths of a point as text, `205` for 20.5 and `200` for a real 20.0; `none` without a line.
 *
 * @throws RangeError for a line that is negative or no whole number of tenths: two lines must never share a key.
 */
export function lineKeyOf(line: number | null): string {
  if (line === null) return noLineKey;
  const tenths = Math.round(line * 10);
  const isExact = Math.abs(line * 10 - tenths) < 1e-6;
  if (line < 0 || !isExact) throw new RangeError(`not a points line in tenths: ${line}`);
  return String(tenths);
}

/** The line that a key stands for; null for `none`. */
export const lineOfKey = (key: string): number | null => (key === noLineKey ? null : Number(key) / 10);
