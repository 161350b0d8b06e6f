import { instant, flag, integer, text } from '../table.ts';

/**
 * How a derived row came to be. None of these is a business column: two runs with equal results
 * have equal digests, whenever and however often they ran.
 */
export const derivedProvenance = {
  /** SHA-256 of the business columns, hex. */
  data_hash: text(),
  /** The phase run that wrote the row, see PhaseTriggered.releaseId. */
  run_id: text(),
  revision: integer(),
  is_degraded: flag(),
  processed_at: instant(),
};

/** How a raw row came to be; `source_file_path` names the stored answer that it was read from. */
export const rawProvenance = {
  /** SHA-256 of the business columns, hex. */
  data_hash: text(),
  source_file_path: text(),
  /** When the source was asked: of two answers for one game the later one stands. */
  fetched_at: instant(),
  processed_at: instant(),
};

/** A row before the flow that writes it says how it came to be: what pure transforms produce and read. */
export type WithoutProvenance<Row> = Omit<Row, keyof typeof derivedProvenance | keyof typeof rawProvenance>;
