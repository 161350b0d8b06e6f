import { scraperNamed, tableNamed, type ScraperName } from '@handoff/catalogue';
import { hashRow, type Row } from '@handoff/contracts';
import type { Findings } from './findings.ts';
import type { TransformContext } from './payload.ts';

/**
 * Completes rows with their hash and provenance, one per natural key of the scraper's table. An exact
 * repetition is counted; of rows that share a key and disagree the first stands and the others are reported.
 */
export function rawRows(scraper: ScraperName, contents: readonly Row[], context: TransformContext, findings: Findings): readonly Row[] {
  const table = tableNamed(scraperNamed(scraper).loads);
  const byKey = new Map<string, Row & { readonly data_hash: string }>();
  for (const content of contents) {
    const row = { ...content, data_hash: hashRow(content, table.business), source_file_path: context.path, fetched_at: context.fetchedAt, processed_at: context.processedAt };
    const key = JSON.stringify(table.key.map((column) => content[column]));
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, row);
    else if (known.data_hash === row.data_hash) findings.ignored('duplicate');
    else findings.unresolved('player_lookup' in content ? 'player' : 'game', key, 'conflicting-rows');
  }
  return [...byKey.values()];
}
