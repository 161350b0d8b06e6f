export { failureAnswer } from './rest-failure.ts';
export { startBigQueryLocal, type BigQueryLocal, type BigQueryLocalOptions } from './start-bigquery-local.ts';
