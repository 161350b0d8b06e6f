import { circuitBreakerConfigOf } from '@handoff/catalogue';
import { checkBoxScores } from '@handoff/flow-complete-box-scores';
import type { FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'boxscore-completeness',
  config: Config,
  routes: [],
  onSchedule: (context, config, { scheduledAt }) => checkBoxScores({ sport: config.SPORT, config: circuitBreakerConfigOf(config), checkId: `${config.SPORT}_boxscores_${scheduledAt}` }, context),
};
