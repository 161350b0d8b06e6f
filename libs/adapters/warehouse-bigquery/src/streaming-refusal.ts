/**
 * True for BigQuery's refusal to change rows that were streamed less than about 30 minutes ago.
 *
 * The one error that is told by its words: its reason is `invalidQuery`, as of any statement that BigQuery
 * cannot run, and nothing else in it differs. The words are those of BigQuery's troubleshooting page
 * (https://cloud.google.com/bigquery/docs/error-messages, read 2026-11): "UPDATE or DELETE statement over
 * table <project.dataset.table> would affect rows in the streaming buffer, which is not supported".
 */
export const refusesStreamedRows = (reason: string | undefined, message: string): boolean =>
  reason === 'invalidQuery' && message.includes('would affect rows in the streaming buffer');
