import { outputNamed, scrapers } from '@handoff/catalogue';
import { PipelineError, ScrapeRequested, type EpochMs, type GameDate, type ScraperExecutionRow } from '@handoff/contracts';
import type { FlowContext } from '@handoff/ports';
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

/** The request of an item that was given up, not refused, and awaits no rows by itself; undefined of any other. */
export function givenUpRequestOf(item: RetryItem): GivenUpRequest | undefined {
  if (isActive(item) || item.kind !== 'scrape' || item.awaits !== null || item.failure.type === 'permanent') return undefined;
  const parsed = ScrapeRequested.safeParse(item.redo.payload);
  if (!parsed.success || parsed.data.gameDate !== parsed.data.untilDate) return undefined;
  const { scraper, gameDate } = parsed.data;
  const output = outputNamed(scrapers.find(({ name }) => name === scraper)?.loads ?? '');
  const brings = output?.flow === 'postgame' && output.scope === 'game' ? { gameDate, outputs: [output.name], games: [] } : undefined;
  return { scraper, gameDate, failedAt: item.lastRetryAt ?? item.firstFailureAt, brings };
}

/** A question to a source that was answered. */
export type LaterAnswer = Pick<ScraperExecutionRow, 'scraper_name' | 'game_date' | 'triggered_at' | 'data_summary'>;

/** The answers since the first of the requests failed. None where they cannot be read: what was given up can wait, what is to be tried again cannot. */
export async function loadLaterAnswers(requests: readonly GivenUpRequest[], { ports: { warehouse }, log }: FlowContext): Promise<readonly LaterAnswer[]> {
  const [first] = requests.map(({ failedAt }) => failedAt).toSorted((left, right) => left - right);
  if (first === undefined) return [];
  try {
    return await warehouse.query<LaterAnswer>({ name: 'retry-work/later-answers', text: laterAnswers }, {
      since: { type: 'TIMESTAMP', value: first },
      scrapers: { type: 'ARRAY<STRING>', value: [...new Set(requests.map(({ scraper }) => scraper))] },
    });
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.warn({ code: error.code, error }, 'later answers to what was given up could not be read');
    return [];
  }
}

/** Whether the scraper has answered about the whole date since, with or without anything in it. */
export const isAnswered = ({ scraper, gameDate, failedAt }: GivenUpRequest, answers: readonly LaterAnswer[]): boolean =>
  answers.some((answer) => answer.scraper_name === scraper && answer.game_date === gameDate && answer.triggered_at > failedAt && (answer.data_summary as { readonly games?: unknown } | null)?.games === undefined);

/** Whether every game that is played has its rows, whoever brought them: then nobody asks again. */
export function hasAllGames({ brings }: GivenUpRequest, observed: readonly ObservedOutput[], slates: Slates): boolean {
  if (brings === undefined) return false;
  const games = (slates.get(brings.gameDate) ?? []).filter(({ status }) => status !== 'postponed').map(({ officialId }) => officialId);
  return games.length > 0 && isThere({ ...brings, games }, observed);
}
