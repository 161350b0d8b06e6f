import { BoxscoreGapsDetected } from '@handoff/contracts';
import { backfillBoxScores } from '@handoff/flow-complete-box-scores';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'boxscore-backfill',
  config: Config,
  routes: [route('boxscore-gaps-detected', BoxscoreGapsDetected, (message, context) => backfillBoxScores(message, context))],
};
