import { z } from 'zod';

/** Milliseconds since the Unix epoch, UTC. Built only by a Clock or by parsing a contract. */
export type EpochMs = number & { readonly __unit: 'epoch-ms' };

/** A span of time in milliseconds. */
export type DurationMs = number & { readonly __unit: 'duration-ms' };

/** September 2001: a smaller value is seconds in disguise. */
const earliestInstant = 1e12;
/** The end of the year 9999: the last instant that ISO 8601 writes with four digits, and the last of the warehouse. */
const latestInstant = 253_402_300_799_999;

/** True for what an instant may be: a whole number of milliseconds that every store can hold. */
export const isInstant = (value: unknown): value is EpochMs => Number.isSafeInteger(value) && Number(value) >= earliestInstant && Number(value) <= latestInstant;

/**
 * Brands a number as an instant.
 *
 * @throws RangeError for anything that is not a whole number of milliseconds between September 2001 and the year 9999.
 */
export function epochMs(value: number): EpochMs {
  if (!isInstant(value)) throw new RangeError(`not epoch milliseconds: ${String(value)}`);
  return value;
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

/** A time of the wall clock. */
export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

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
  .min(earliestInstant)
  .max(latestInstant)
  .transform((value) => value as EpochMs);

/** The league's first season, and a century in which every date has a day before and after it. */
const gameYears = { first: 1946, last: 2099 } as const;

/** The US Eastern calendar date of tip-off, `YYYY-MM-DD`: the partition key of everything. */
export const GameDate = z.iso
  .date()
  .refine((text) => Number(text.slice(0, 4)) >= gameYears.first && Number(text.slice(0, 4)) <= gameYears.last, { error: `no game was or will be played then: the years are ${gameYears.first} to ${gameYears.last}` })
  .brand<'GameDate'>();
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
