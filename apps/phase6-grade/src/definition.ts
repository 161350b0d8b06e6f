import { PhaseTriggered } from '@handoff/contracts';
import { gradePredictions } from '@handoff/flow-grade-predictions';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase6-grade',
  config: Config,
  routes: [route('grading-trigger', PhaseTriggered, gradePredictions)],
};
