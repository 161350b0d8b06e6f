import { planDates } from '@handoff/flow-plan-expectations';
import type { FunctionDefinition } from '@handoff/ports';
import { addDays, gameDateOf } from '@handoff/slate';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'expectation-planner',
  config: Config,
  routes: [],
  onSchedule: (context) => {
    const today = gameDateOf(context.ports.clock.now());
    return planDates(addDays(today, -1), addDays(today, 1), context);
  },
};
