/**
 * Rounds to the scale that a row's docstring names, halves away from zero, never to -0.
 * The nudge of one machine epsilon keeps halves that binary cannot hold (1.005) on the side that people expect.
 */
export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  const magnitude = Math.round(Math.abs(value) * scale * (1 + Number.EPSILON)) / scale;
  return value < 0 && magnitude > 0 ? -magnitude : magnitude;
}
