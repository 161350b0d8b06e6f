import { outputNamed, scrapers } from '@handoff/catalogue';
import { ScrapeRequested, type EpochMs, type GameDate } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import type { ObservedOutput, Slates } from '@handoff/read-models';
import { isActive, type AwaitedRows, type RetryItem } from '@handoff/retry';
import { isThere } from './is-there.ts';
import laterAnswers from './later-answers.sql';

/** A request of a source that was given up. Its own work is never done: the source is asked again by requests of their own. */
export interface GivenUpRequest {
  readonly scraper: string;
  readonly gameDate: GameDate;
  readonly failedAt: EpochMs;
  /** Whose rows it was to bring, of an output that every game has some of. */
  readonly brings: AwaitedRows | undefined;
}

/** The request of an item that was given up and awaits no rows by itself; none of any other. */
export function givenUpRequestOf(item: RetryItem): readonly (readonly [RetryItem, GivenUpRequest])[] {
  if (isActive(item) || item.kind !== 'scrape' || item.awaits !== null) return [];
  const parsed = ScrapeRequested.safeParse(item.redo.payload);
  if (!parsed.success || parsed.data.gameDate !== parsed.data.untilDate) return [];
  const { scraper, gameDate } = parsed.data;
  const output = outputNamed(scrapers.find(({ name }) => name === scraper)?.loads ?? '');
  const brings = output?.flow === 'postgame' && output.scope === 'game' ? { gameDate, outputs: [output.name], games: [] } : undefined;
  return [[item, { scraper, gameDate, failedAt: item.lastRetryAt ?? item.firstFailureAt, brings }]];
}

/** When a scraper was last asked about a date and answered. */
export interface LastAnswer {
  readonly scraper_name: string;
  readonly game_date: string;
  readonly asked_at: EpochMs;
}

export async function loadAnswers(requests: readonly GivenUpRequest[], { warehouse }: Pick<Ports, 'warehouse'>): Promise<readonly LastAnswer[]> {
  const [first] = requests.map(({ failedAt }) => failedAt).toSorted((left, right) => left - right);
  if (first === undefined) return [];
  return warehouse.query<LastAnswer & Record<string, unknown>>({ name: 'retry-work/later-answers', text: laterAnswers }, {
    since: { type: 'TIMESTAMP', value: first },
    scrapers: { type: 'ARRAY<STRING>', value: [...new Set(requests.map(({ scraper }) => scraper))] },
  });
}

/** Whether the scraper has answered about the date since, with or without anything in it. */
export const isAnswered = ({ scraper, gameDate, failedAt }: GivenUpRequest, answers: readonly LastAnswer[]): boolean =>
  answers.some((answer) => answer.scraper_name === scraper && answer.game_date === gameDate && answer.asked_at > failedAt);

/** Whether every game that is played has its rows, whoever brought them: then nobody asks again. */
export function hasAllGames({ brings }: GivenUpRequest, observed: readonly ObservedOutput[], slates: Slates): boolean {
  if (brings === undefined) return false;
  const games = (slates.get(brings.gameDate) ?? []).filter(({ status }) => status !== 'postponed').map(({ officialId }) => officialId);
  return games.length > 0 && isThere({ ...brings, games }, observed);
}
