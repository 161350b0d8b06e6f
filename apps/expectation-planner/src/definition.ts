import { OutputsCompleted } from '@handoff/contracts';
import { planAhead, planChanged } from '@handoff/flow-plan-expectations';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'expectation-planner',
  config: Config,
  routes: [route('phase2-raw-complete', OutputsCompleted, planChanged)],
  onSchedule: (context, config) => planAhead(config.SPORT, context),
};
