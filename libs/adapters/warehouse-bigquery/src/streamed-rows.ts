import type { BigQuery } from '@google-cloud/bigquery';
import type { Attempts } from '@handoff/attempts';
import { after, epochMs, type EpochMs } from '@handoff/contracts';
import { streamingBufferSpan, type StreamedRows } from '@handoff/ports';
import { sentAgain } from './attempts.ts';

/** The part of tables.get that tells of the streaming buffer: absent where there is nothing in it. Numbers are text. */
interface TableMetadata {
  readonly streamingBuffer?: { readonly estimatedRows?: string; readonly oldestEntryTime?: string };
}

/**
 * What tables.get says of a table's streaming buffer. It names the oldest row alone: the youngest may have come just
 * now, so the moment that is told is 30 minutes from now.
 *
 * @throws the client's error.
 */
export async function readStreamedRows(client: BigQuery, attempts: Attempts, { name, now }: { readonly name: string; readonly now: EpochMs }): Promise<StreamedRows | undefined> {
  const [dataset = '', table = ''] = name.split('.');
  const answer: readonly unknown[] = await sentAgain(attempts, () => client.dataset(dataset).table(table).getMetadata());
  const { streamingBuffer } = answer[0] as TableMetadata;
  if (streamingBuffer === undefined) return undefined;
  const oldest = Number(streamingBuffer.oldestEntryTime ?? 0);
  return { rows: Number(streamingBuffer.estimatedRows ?? 0), oldestAt: oldest === 0 ? null : epochMs(oldest), until: after(now, streamingBufferSpan) };
}
