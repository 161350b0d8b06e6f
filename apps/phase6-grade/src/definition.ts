import { gradePredictions } from '@handoff/flow-grade-predictions';
import { triggerRoute, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase6-grade',
  config: Config,
  routes: [triggerRoute('grading-trigger', gradePredictions)],
};
