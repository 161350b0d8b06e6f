export { gradePredictions } from './grade-predictions.ts';
