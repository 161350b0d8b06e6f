import { PredictionsReady } from '@handoff/contracts';
import { checkBatches, collectPredictions, startBatch } from '@handoff/flow-coordinate-predictions';
import { route, triggerRoute, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase5-predict-coordinator',
  config: Config,
  routes: [triggerRoute('predictions-trigger', startBatch), route('prediction-ready', PredictionsReady, collectPredictions)],
  onSchedule: (context) => checkBatches(context),
};
