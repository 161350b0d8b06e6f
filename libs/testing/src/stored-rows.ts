import { epochMs, hashOf, type Row } from '@handoff/contracts';

const processedAt = epochMs(Date.UTC(2026, 0, 1));

/** A raw row as phase 2 would have written it. */
export const asLoaded = (row: Row): Row => ({ ...row, data_hash: hashOf(JSON.stringify(row)), source_file_path: 'made/by/a/spec.json', fetched_at: processedAt, processed_at: processedAt });

/** A derived row as a phase would have written it. */
export const asMade = (row: Row): Row => ({ ...row, data_hash: hashOf(JSON.stringify(row)), run_id: 'spec', revision: 1, is_degraded: false, processed_at: processedAt });
