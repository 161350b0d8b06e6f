import { PipelineError } from '@handoff/contracts';
import type { SourceResponse } from '@handoff/ports';

/** A response with JSON text as its body. */
export const jsonAnswer = (text: string, status = 200): SourceResponse => ({ status, contentType: 'application/json; charset=utf-8', body: Buffer.from(text) });

export const notFound = (path: string): SourceResponse => jsonAnswer(JSON.stringify({ error: `no such endpoint: ${path}` }), 404);

/** What a request asks for that the real source would refuse. */
export const badRequest = (problem: string): SourceResponse => jsonAnswer(JSON.stringify({ error: problem }), 400);

/** The value that the map has for a key, made and kept when it has none. */
export function remembered<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key);
  if (value !== undefined) return value;
  const made = make();
  known.set(key, made);
  return made;
}

/** @throws PipelineError when a recorded game names a team that is none: a bug of the loader. */
export function required<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new PipelineError({ code: 'recording-corrupt', disposition: 'reject', message: `the recorded season has no ${what}`, facts: { what } });
  return value;
}
