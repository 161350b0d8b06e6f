import type { Asked } from '@handoff/loopback-http';
import type { z } from 'zod';
import { invalid } from './rest-failure.ts';

/** The JSON of a request. @throws a GoogleFailure for what is no JSON, or has not the shape. */
export function readBody<Schema extends z.ZodType>(schema: Schema, asked: Pick<Asked, 'body'>): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(asked.body.toString('utf8')));
  if (!parsed.success) throw invalid(`Invalid JSON payload received: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    throw invalid(`Invalid JSON payload received: ${String(error)}`);
  }
}
