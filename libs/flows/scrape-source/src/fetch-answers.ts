import { scraperNamed, type Scraper } from '@handoff/catalogue';
import { PipelineError, type ScrapeRequested } from '@handoff/contracts';
import { parseOddsEvents } from '@handoff/payloads';
import type { HttpSource, SourceRequest } from '@handoff/ports';
import { gameDateOf } from '@handoff/slate';
import { countRecords, nextCursor, readAnswer } from './answer-text.ts';
import { endpointOf } from './endpoints.ts';

/** One answer of a source, checked for being one, before it is stored. */
export interface Answer {
  readonly text: string;
  readonly storagePrefix: string;
  /** A further folder below the date, where one run has several answers of one date: an event id. */
  readonly part: string | undefined;
  readonly recordCount: number;
}

/** Pages of one request; a source that never ends is a fault, not a reason to go on. */
const pagesMax = 100;

/** Asks a source everything that one request stands for: one answer, all its pages, or one per event. */
export async function fetchAnswers(scraper: Scraper, request: ScrapeRequested, source: HttpSource): Promise<readonly Answer[]> {
  if (scraper.unit !== 'event') return fetchPages(scraper, endpointOf(scraper.name, request), source);
  const events = scraperNamed(scraper.eventsFrom ?? scraper.name);
  const listed = await fetchPages(events, endpointOf(events.name, request), source);
  const answers: Answer[] = [...listed.map((answer) => ({ ...answer, recordCount: 0 }))];
  for (const { text } of listed) {
    // Lists reach into tomorrow; tomorrow's lines are asked for tomorrow.
    const ofDate = parseOddsEvents(text, { games: [], path: events.storagePrefix }).events.filter((event) => gameDateOf(event.commenceAt) === request.gameDate);
    for (const event of ofDate) {
      const pages = await fetchPages(scraper, endpointOf(scraper.name, request, event.eventId), source);
      answers.push(...pages.map((page) => ({ ...page, part: event.eventId })));
    }
  }
  return answers;
}

async function fetchPages(scraper: Scraper, endpoint: Omit<SourceRequest, 'scraper'>, source: HttpSource): Promise<Answer[]> {
  const answers: Answer[] = [];
  let query = endpoint.query;
  for (let page = 1; page <= pagesMax; page += 1) {
    const request: SourceRequest = { scraper: scraper.name, path: endpoint.path, query };
    const { text, value } = readAnswer(request, await source.fetch(request));
    answers.push({ text, storagePrefix: scraper.storagePrefix, part: undefined, recordCount: countRecords(value) });
    const cursor = nextCursor(value);
    if (cursor === undefined) return answers;
    query = { ...endpoint.query, cursor };
  }
  throw new PipelineError({ code: 'source-endless', disposition: 'defer', message: `${scraper.name} still has pages after ${pagesMax}: look at the source before asking again`, facts: { scraper: scraper.name, pagesMax } });
}
