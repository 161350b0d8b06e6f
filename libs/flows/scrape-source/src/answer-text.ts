import type { Scraper } from '@handoff/catalogue';
import { PipelineError } from '@handoff/contracts';
import type { SourceRequest, SourceResponse } from '@handoff/ports';
import { z } from 'zod';

export interface ReadAnswer {
  readonly text: string;
  readonly value: unknown;
}

/** Bytes that are no UTF-8 are no JSON: read as replacement marks they would end in names. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Checks that a response is a JSON answer, or a whole page, before it is stored: status, and that it parses. Its
 * shape is the transform's to judge, from the stored file, so that a changed source loses nothing.
 *
 * @throws `source-refused` (defer) for another status than 200, `source-not-json` (retry) for a page of HTML or a
 *   cut-off body.
 */
export function readAnswer(request: SourceRequest, response: SourceResponse, answers?: Scraper['answers']): ReadAnswer {
  const { status, contentType, body } = response;
  const facts = { scraper: request.scraper, path: request.path, status, contentType, bytes: body.length };
  if (status !== 200) throw new PipelineError({ code: 'source-refused', disposition: 'defer', message: `${request.scraper}: the source answered ${status} on ${request.path}`, facts });
  try {
    const text = utf8.decode(body);
    // A page is cut off or not by its end: what is in it is the transform's to judge.
    if (answers === 'pages' && text.trimEnd().toLowerCase().endsWith('</html>')) return { text, value: [text] };
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw new PipelineError({ code: 'source-not-json', disposition: 'retry', message: `${request.scraper}: the source answered something other than JSON (${contentType}) on ${request.path}`, facts, cause });
  }
}

const Cursored = z.object({ meta: z.object({ next_cursor: z.union([z.number(), z.string()]) }) });

/** The cursor of the next page, where the source pages that way. */
export function nextCursor(value: unknown): string | undefined {
  const parsed = Cursored.safeParse(value);
  return parsed.success ? String(parsed.data.meta.next_cursor) : undefined;
}

/** The main list of each source's answers; an answer without one counts as none. */
const lists: readonly z.ZodType<number>[] = [
  z.array(z.unknown()).transform((list) => list.length),
  z.object({ events: z.array(z.unknown()) }).transform(({ events }) => events.length),
  z.object({ data: z.array(z.unknown()) }).transform(({ data }) => data.length),
  z.object({ props: z.array(z.unknown()) }).transform(({ props }) => props.length),
  z.object({ bookmakers: z.array(z.unknown()) }).transform(({ bookmakers }) => bookmakers.length),
  z.object({ resultSets: z.array(z.object({ rowSet: z.array(z.unknown()) })).min(1) }).transform(({ resultSets }) => resultSets.reduce((sum, { rowSet }) => sum + rowSet.length, 0)),
  z.object({ leagueSchedule: z.object({ gameDates: z.array(z.object({ games: z.array(z.unknown()) })) }) }).transform(({ leagueSchedule }) => leagueSchedule.gameDates.reduce((sum, { games }) => sum + games.length, 0)),
];

/** How many records an answer holds, for the execution log: players, games, books, whatever its main list has. */
export function countRecords(value: unknown): number {
  for (const list of lists) {
    const parsed = list.safeParse(value);
    if (parsed.success) return parsed.data;
  }
  return 0;
}
