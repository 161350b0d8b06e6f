export { orderOf, planBackfill, sendStep, targetsOf, waysToMake, type BackfillRequest, type WayToMake } from './backfill-outputs.ts';
export type { BackfillOrder, BackfillStep } from './backfill-steps.ts';
export { planDate, type BackfillPiece, type DateFacts, type Held, type MakeReason, type SkipReason } from './plan-backfill.ts';
