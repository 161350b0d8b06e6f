import { z } from 'zod';
import { PipelineEventRow } from './rows/orchestration.ts';
import { isoInstant, parseInstant } from './time.ts';

const IsoInstant = z.iso.datetime();

/**
 * A pipeline event on the wire: the columns of pipeline_event_log, instants as ISO 8601 text and JSON as text. A
 * BigQuery subscription writes messages of this shape into the table as they are.
 */
export const PipelineEvent = z.object({ ...PipelineEventRow.shape, occurred_at: IsoInstant, started_at: IsoInstant, metadata: z.string() });
export type PipelineEvent = z.infer<typeof PipelineEvent>;

export const pipelineEventOf = (row: PipelineEventRow): PipelineEvent => ({
  ...row, occurred_at: isoInstant(row.occurred_at), started_at: isoInstant(row.started_at), metadata: JSON.stringify(row.metadata),
});

/** The row that a BigQuery subscription makes of an event. @throws SyntaxError when the metadata is not JSON. */
export const pipelineEventRowOf = (event: PipelineEvent): PipelineEventRow => ({
  ...event, occurred_at: parseInstant(event.occurred_at), started_at: parseInstant(event.started_at), metadata: JSON.parse(event.metadata) as PipelineEventRow['metadata'],
});
