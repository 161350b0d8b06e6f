import { PhaseTriggered, PredictionsReady } from '@handoff/contracts';
import { collectPredictions, startBatch } from '@handoff/flow-coordinate-predictions';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase5-predict-coordinator',
  config: Config,
  routes: [route('predictions-trigger', PhaseTriggered, startBatch), route('prediction-ready', PredictionsReady, collectPredictions)],
};
