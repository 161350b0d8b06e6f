import { scraperNamed, type Scraper } from '@handoff/catalogue';
import { PipelineError, type EpochMs, type ScrapeRequested } from '@handoff/contracts';
import { parseEspnScoreboard, parseOddsEvents } from '@handoff/payloads';
import type { HttpSource, SourceRequest } from '@handoff/ports';
import { gameDateOf, tricodeOf, type SlateGame } from '@handoff/slate';
import { countRecords, nextCursor, readAnswer } from './answer-text.ts';
import { endpointOf } from './endpoints.ts';

/** One answer of a source, checked for being one, before it is stored. */
export interface Answer {
  readonly text: string;
  readonly storagePrefix: string;
  /** A further folder below the date, where one run has several answers of one date: an event id. */
  readonly part: string | undefined;
  readonly recordCount: number;
  /** HTML, not JSON. */
  readonly isPage: boolean;
}

/** Pages of one request; a source that never ends is a fault, not a reason to go on. */
const pagesMax = 100;

/** An event of a source's list: what it is asked for by, when it begins, and who plays. */
interface ListedEvent {
  readonly eventId: string;
  readonly commenceAt: EpochMs;
  readonly home: string;
  readonly away: string;
}

/** Who lists events, and how their answers are read. */
const eventLists: Readonly<Record<string, (text: string, path: string) => readonly ListedEvent[]>> = {
  oddsa_events: (text, path) => parseOddsEvents(text, { games: [], path }).events.map(({ eventId, commenceAt, homeTeam, awayTeam }) => ({ eventId, commenceAt, home: homeTeam, away: awayTeam })),
  espn_scoreboard: parseEspnScoreboard,
};

/**
 * Asks a source everything that one request stands for: one answer, all its pages, or one per event.
 *
 * @param wanted - the games that are asked for, of sources that are asked event by event; undefined: all.
 */
export async function fetchAnswers(scraper: Scraper, request: ScrapeRequested, { source, wanted }: { readonly source: HttpSource; readonly wanted: readonly SlateGame[] | undefined }): Promise<readonly Answer[]> {
  if (scraper.unit !== 'event') return fetchPages(scraper, endpointOf(scraper.name, request), source);
  const events = scraperNamed(scraper.eventsFrom ?? scraper.name);
  const listed = await fetchPages(events, endpointOf(events.name, request), source);
  const answers: Answer[] = [...listed.map((answer) => ({ ...answer, recordCount: 0 }))];
  for (const { text } of listed) {
    // Lists reach into tomorrow; tomorrow's lines are asked for tomorrow.
    const listedEvents = eventLists[events.name]?.(text, events.storagePrefix) ?? [];
    const ofDate = listedEvents.filter((event) => gameDateOf(event.commenceAt) === request.gameDate && isWanted(event, wanted));
    for (const event of ofDate) {
      const pages = await fetchPages(scraper, endpointOf(scraper.name, request, event.eventId), source);
      answers.push(...pages.map((page) => ({ ...page, part: event.eventId })));
    }
  }
  return answers;
}

const isWanted = ({ home, away }: ListedEvent, wanted: readonly SlateGame[] | undefined): boolean =>
  wanted === undefined || wanted.some((game) => game.home === tricodeOf(home) && game.away === tricodeOf(away));

async function fetchPages(scraper: Scraper, endpoint: Omit<SourceRequest, 'scraper'>, source: HttpSource): Promise<Answer[]> {
  const answers: Answer[] = [];
  let query = endpoint.query;
  for (let page = 1; page <= pagesMax; page += 1) {
    const request: SourceRequest = { scraper: scraper.name, path: endpoint.path, query };
    const { text, value } = readAnswer(request, await source.fetch(request), scraper.answers);
    answers.push({ text, storagePrefix: scraper.storagePrefix, part: undefined, isPage: scraper.answers === 'pages', recordCount: countRecords(value) });
    const cursor = nextCursor(value);
    if (cursor === undefined) return answers;
    query = { ...endpoint.query, cursor };
  }
  throw new PipelineError({ code: 'source-endless', disposition: 'defer', message: `${scraper.name} still has pages after ${pagesMax}: look at the source before asking again`, facts: { scraper: scraper.name, pagesMax } });
}
