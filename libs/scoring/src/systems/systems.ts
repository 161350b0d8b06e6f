import { ensemble } from './ensemble.ts';
import { movingAverage } from './moving-average.ts';
import type { PredictionSystem } from './prediction-system.ts';
import { similarityBalanced } from './similarity.ts';

/** Every system that predicts, in the order in which they are shown. A new one is added here alone. */
export const predictionSystems: readonly PredictionSystem[] = [movingAverage, similarityBalanced, ensemble];
