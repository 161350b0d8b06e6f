/**
 * True for a change that BigQuery gave up because another of the same rows was made meanwhile. Nothing of it has taken
 * effect, and BigQuery has tried it up to three times by itself.
 *
 * It is told by its words, as the refusal for streamed rows is: its reason is `invalidQuery`. The words are those of
 * BigQuery's pages on errors and on data manipulation statements (read 2026-11): "Could not serialize access to table
 * <project:dataset.table> due to concurrent update", and of a transaction "... is aborted due to concurrent update".
 */
export const refusesConcurrentChange = (reason: string | undefined, message: string): boolean =>
  reason === 'invalidQuery' && /could not serialize access to table|aborted due to concurrent update/i.test(message);
