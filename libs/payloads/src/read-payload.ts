import { PipelineError } from '@handoff/contracts';
import type { z } from 'zod';

/** Where an answer came from, for its errors. */
export interface PayloadOrigin {
  readonly scraper: string;
  readonly path: string;
}

/** The error of an answer that does not have its source's shape; `where` is a place in it, such as `data.3.game.date`. */
export function malformed(origin: PayloadOrigin, where: string, problem: string, cause?: unknown): PipelineError {
  return new PipelineError({
    code: 'payload-malformed',
    disposition: 'reject',
    message: `${origin.scraper}: ${origin.path} is not what the source answers, at ${where}: ${problem}`,
    facts: { scraper: origin.scraper, path: origin.path, where, problem },
    cause,
  });
}

function parseJson(text: string, origin: PayloadOrigin): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(origin, `the start (${JSON.stringify(text.slice(0, 40))})`, 'not JSON', cause);
  }
}

/**
 * Reads a stored answer.
 *
 * @throws PipelineError `payload-malformed` (reject) naming the first place that does not fit.
 */
export function readPayload<Schema extends z.ZodType>(schema: Schema, text: string, origin: PayloadOrigin): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(text, origin));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformed(origin, issue?.path.join('.') ?? '', issue?.message ?? 'unreadable', parsed.error);
}
