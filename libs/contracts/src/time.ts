import { z } from 'zod';

/** Milliseconds since the Unix epoch, UTC. Built only by a Clock or by parsing a contract. */
export type EpochMs = number & { readonly __unit: 'epoch-ms' };

/** A span of time in milliseconds. */
export type DurationMs = number & { readonly __unit: 'duration-ms' };

/**
 * Brands a number as an instant.
 *
 * @throws RangeError for anything that is not a whole number of milliseconds after September 2001:
 *   a smaller value is seconds in disguise.
 */
export function epochMs(value: number): EpochMs {
  if (!Number.isSafeInteger(value) || value < 1e12) throw new RangeError(`not epoch milliseconds: ${value}`);
  return value as EpochMs;
}

export const milliseconds = (count: number): DurationMs => count as DurationMs;
export const seconds = (count: number): DurationMs => (count * 1_000) as DurationMs;
export const minutes = (count: number): DurationMs => (count * 60_000) as DurationMs;
export const hours = (count: number): DurationMs => (count * 3_600_000) as DurationMs;
export const days = (count: number): DurationMs => (count * 86_400_000) as DurationMs;

/** The instant `span` after `instant`; a negative span goes back. */
export const after = (instant: EpochMs, span: DurationMs): EpochMs => (instant + span) as EpochMs;

/** The instant `span` before `instant`. */
export const before = (instant: EpochMs, span: DurationMs): EpochMs => (instant - span) as EpochMs;

/** The time from `start` to `end`; negative when `end` is earlier. */
export const elapsed = (start: EpochMs, end: EpochMs): DurationMs => (end - start) as DurationMs;

/** ISO 8601 in UTC with milliseconds, as instants are written in messages and logs. */
export const isoInstant = (instant: EpochMs): string => new Date(instant).toISOString();

/**
 * Reads an instant from ISO 8601 text that carries a zone (`Z` or an offset).
 *
 * @throws RangeError when the text has no zone: a local time without one is a guess.
 */
export function parseInstant(text: string): EpochMs {
  const normalised = text.trim().replace(' ', 'T');
  if (!/(Z|[+-]\d{2}:?\d{2})$/.test(normalised)) throw new RangeError(`instant without a time zone: ${text}`);
  return epochMs(Date.parse(normalised));
}

/** An instant on the wire: epoch milliseconds, refused when it looks like seconds. */
export const Instant = z
  .int()
  .min(1e12)
  .transform((value) => value as EpochMs);

/** The US Eastern calendar date of tip-off, `YYYY-MM-DD`: the partition key of everything. */
export const GameDate = z.iso.date().brand<'GameDate'>();
export type GameDate = z.infer<typeof GameDate>;

/**
 * Reads a game date.
 *
 * @throws RangeError when the text is not a calendar date in ISO form.
 */
export function gameDate(text: string): GameDate {
  const parsed = GameDate.safeParse(text);
  if (!parsed.success) throw new RangeError(`not a calendar date (YYYY-MM-DD): ${text}`);
  return parsed.data;
}
