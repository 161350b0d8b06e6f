export { healGaps, planHealing } from './heal-gaps.ts';
export { gapsThatLack, waiveGap, type WaiveRequest } from './waive-gap.ts';
