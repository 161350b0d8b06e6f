export { backfillBoxScores } from './backfill-box-scores.ts';
export { checkBoxScores, type CheckRequest } from './check-box-scores.ts';
