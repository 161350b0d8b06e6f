export { compareSteps, countGrades, type GradingCounts, type Reconciliation } from './compare-steps.ts';
export { scorecardOf } from './keep-scorecard.ts';
export { reconcileDay } from './reconcile-day.ts';
export { tellFindings } from './tell-findings.ts';
