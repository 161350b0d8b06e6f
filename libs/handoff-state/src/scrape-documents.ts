import type { EpochMs, FilesStored, ScrapeRequested } from '@handoff/contracts';
import type { StateDocument, StateRef } from '@handoff/ports';

/** `scrapes`: what a finished scrape stored, so that a redelivery neither asks nor stores again. */
export interface ScrapeDocument extends StateDocument {
  readonly files: FilesStored['files'];
  readonly fetchedAt: EpochMs;
  readonly completedAt: EpochMs;
  readonly recordCount: number;
}

/** What tells that a request's answers are stored; undefined where there was nothing to store. Made again it is the same message. */
export function filesStoredOf({ sport, purpose, requestId, workflow, gameDate, untilDate, games }: ScrapeRequested, { files, fetchedAt }: ScrapeDocument): FilesStored | undefined {
  if (files.length === 0) return undefined;
  return { sport, purpose, executionId: requestId, workflow, gameDate, untilDate, files: [...files], fetchedAt, ...(games === undefined ? {} : { games }) };
}

/** The scrape of a request, under the request's name. */
export const scrapeRef = (requestId: string): StateRef => ({ collection: 'scrapes', id: requestId });
