import { PredictionRequested } from '@handoff/contracts';
import { predictGames } from '@handoff/flow-predict-games';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase5-predict-worker',
  config: Config,
  routes: [route('prediction-requests', PredictionRequested, predictGames)],
};
