import { parseInstant, type EpochMs } from '@handoff/contracts';
import { z } from 'zod';

const emptyAsNull = (value: unknown): unknown => (typeof value === 'string' && value.trim() === '' ? null : value);

/** More than a team has ever scored, and more than a line is ever offered at: what is above is a broken answer. */
const countMax = 999;

/** A counted statistic: a whole number, never negative; null or empty text is null. */
export const count = z.preprocess(emptyAsNull, z.int().nonnegative().max(countMax).nullable());

/** A difference of two counts, as plus-minus; null or empty text is null. */
export const difference = z.preprocess(emptyAsNull, z.int().min(-countMax).max(countMax).nullable());

/** The points that a line is offered at. */
export const linePoints = z.number().nonnegative().max(countMax);

/** Text that may be null or missing: empty then. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/**
 * Minutes on court, as a number, `34`, `34:12` (minutes and seconds) or `00`; empty or null is null.
 * 2 decimals.
 */
export const minutesPlayed = z.preprocess(
  emptyAsNull,
  z
    .union([
      z.number().nonnegative().max(120),
      z.string().regex(/^\d{1,3}(:[0-5]\d)?$/).transform((text) => {
        const [whole, seconds] = text.split(':').map(Number);
        return Math.round(((whole ?? 0) + (seconds ?? 0) / 60) * 100) / 100;
      }),
    ])
    .nullable(),
);

/** An instant in ISO 8601 with a zone; a space for the T is accepted. */
export const zonedInstant = z.string().transform((text, context): EpochMs => {
  try {
    return parseInstant(text);
  } catch (cause) {
    context.addIssue({ code: 'custom', message: cause instanceof Error ? cause.message : 'not an instant' });
    return z.NEVER;
  }
});

/** The paging block of balldontlie's answers. */
export const PageMeta = z.object({ next_cursor: z.int().nullish() }).optional();

/** True when the source has further pages after this one. */
export const hasNextPage = (meta: z.infer<typeof PageMeta>): boolean => typeof meta?.next_cursor === 'number';
