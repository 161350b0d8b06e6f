import { CircuitBreakers } from '@handoff/breakers';
import { scraperNamed, sources, storedPath, type CircuitBreakerConfig, type Scraper } from '@handoff/catalogue';
import { elapsed, hashOf, PipelineError, type EpochMs, type FilesStored, type ScrapeRequested, type ScraperExecutionRow } from '@handoff/contracts';
import { filesStoredOf, scrapeRef, type ScrapeDocument } from '@handoff/handoff-state';
import { writeLogRows } from '@handoff/log-rows';
import type { FlowContext, FlowReport, StateRef } from '@handoff/ports';
import { loadSlate } from '@handoff/read-models';
import type { SlateGame } from '@handoff/slate';
import { fetchAnswers, type Answer } from './fetch-answers.ts';

/**
 * Runs one scraper once: fetches, checks, stores under the catalogue's prefix, announces, and writes its row
 * of scraper_execution_log. A redelivery after the answers were stored goes on from there.
 *
 * @throws `scraper-unknown` (reject), `breaker-open` (defer) while the source has failed too often, and what the source
 *   and the object store throw; a failed fetch leaves a row with status `failed` before it is thrown on.
 */
export async function scrapeSource(request: ScrapeRequested, context: FlowContext, config: CircuitBreakerConfig): Promise<FlowReport> {
  const scraper = scraperOf(request);
  const ref = scrapeRef(request.requestId);
  const known = await context.ports.state.get<ScrapeDocument>(ref);
  const scrape = known?.value ?? (await fetchAndStore({ scraper, request, ref, config }, context));
  await announce(request, scrape, context);
  const status = scrape.recordCount > 0 ? 'success' : 'no_data';
  await logRun({ request, scraper, status, startedAt: scrape.fetchedAt, completedAt: scrape.completedAt, scrape }, context);
  return { outcome: status, facts: { scraper: scraper.name, files: scrape.files.length, records: scrape.recordCount } };
}

function scraperOf(request: ScrapeRequested): Scraper {
  try {
    return scraperNamed(request.scraper);
  } catch (cause) {
    throw new PipelineError({ code: 'scraper-unknown', disposition: 'reject', message: `the catalogue has no scraper ${request.scraper}`, facts: { scraper: request.scraper }, cause });
  }
}

interface Scrape {
  readonly scraper: Scraper;
  readonly request: ScrapeRequested;
  readonly ref: StateRef;
  readonly config: CircuitBreakerConfig;
}

async function fetchAndStore({ scraper, request, ref, config }: Scrape, context: FlowContext): Promise<ScrapeDocument> {
  const { clock, state } = context.ports;
  const fetchedAt = clock.now();
  const answers = await fetchOrLog({ scraper, request, ref, config }, fetchedAt, context);
  const files = [];
  for (const answer of answers) files.push(await store(answer, request, fetchedAt, context));
  const scrape: ScrapeDocument = { files, fetchedAt, completedAt: clock.now(), recordCount: answers.reduce((sum, answer) => sum + answer.recordCount, 0) };
  await state.create(ref, scrape);
  return scrape;
}

/** All requests of a scrape are one call of the source's breaker: a source that fails in the middle has failed. */
async function fetchOrLog({ scraper, request, config }: Scrape, startedAt: EpochMs, context: FlowContext): Promise<readonly Answer[]> {
  try {
    return await new CircuitBreakers(context.ports, config).call({ kind: 'service', subject: scraper.source }, async () => fetchAnswers(scraper, request, { source: context.ports.sources, wanted: await wantedGames(scraper, request, context) }));
  } catch (error) {
    await logRun({ request, scraper, status: 'failed', startedAt, completedAt: context.ports.clock.now(), error }, context);
    throw error;
  }
}

/** Of a source that is asked event by event the games that a request is limited to, by what the slate knows of them. */
async function wantedGames({ unit }: Scraper, { games, gameDate }: ScrapeRequested, { ports }: FlowContext): Promise<readonly SlateGame[] | undefined> {
  return games === undefined || unit !== 'event' ? undefined : (await loadSlate(ports, gameDate)).filter(({ officialId }) => games.includes(officialId));
}

async function store(answer: Answer, request: ScrapeRequested, fetchedAt: EpochMs, { ports }: FlowContext): Promise<FilesStored['files'][number]> {
  const contentHash = hashOf(answer.text);
  const path = storedPath({ ...answer, gameDate: request.gameDate, fetchedAt, contentHash });
  await ports.objects.put(path, new TextEncoder().encode(answer.text), { contentType: answer.isPage ? 'text/html' : 'application/json' });
  return { path, contentHash };
}

async function announce(request: ScrapeRequested, scrape: ScrapeDocument, { ports, correlationId }: FlowContext): Promise<void> {
  const payload = filesStoredOf(request, scrape);
  if (payload !== undefined) await ports.bus.publish('phase1-scrapers-complete', { key: payload.executionId, payload, correlationId });
}

interface RunFacts {
  readonly request: ScrapeRequested;
  readonly scraper: Scraper;
  readonly status: 'success' | 'no_data' | 'failed';
  readonly startedAt: EpochMs;
  readonly completedAt: EpochMs;
  readonly scrape?: ScrapeDocument;
  readonly error?: unknown;
}

async function logRun({ request, scraper, status, startedAt, completedAt, scrape, error }: RunFacts, { ports, log }: FlowContext): Promise<void> {
  const row: ScraperExecutionRow = {
    execution_id: request.requestId,
    scraper_name: scraper.name,
    workflow: request.workflow,
    game_date: request.gameDate,
    status,
    triggered_at: startedAt,
    completed_at: completedAt,
    duration_seconds: elapsed(startedAt, completedAt) / 1_000,
    source: sources.find(({ id }) => id === scraper.source)?.title ?? scraper.source,
    object_paths: (scrape?.files ?? []).map(({ path }) => path),
    record_count: scrape?.recordCount ?? 0,
    data_summary: { until_date: request.untilDate, files: scrape?.files.length ?? 0, ...(request.games === undefined ? {} : { games: request.games }) },
    error_code: error instanceof PipelineError ? error.code : null,
    error_message: error instanceof Error ? error.message : null,
  };
  await writeLogRows(ports, log, { table: 'nba_orchestration.scraper_execution_log', rows: [row] });
}
