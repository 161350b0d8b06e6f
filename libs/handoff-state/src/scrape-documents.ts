import type { EpochMs, FilesStored } from '@handoff/contracts';
import type { StateDocument, StateRef } from '@handoff/ports';

/** `scrapes`: what a finished scrape stored, so that a redelivery neither asks nor stores again. */
export interface ScrapeDocument extends StateDocument {
  readonly files: FilesStored['files'];
  readonly fetchedAt: EpochMs;
  readonly completedAt: EpochMs;
  readonly recordCount: number;
}

/** The scrape of a request, under the request's name. */
export const scrapeRef = (requestId: string): StateRef => ({ collection: 'scrapes', id: requestId });
