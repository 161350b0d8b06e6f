export { healGaps, planHealing } from './heal-gaps.ts';
