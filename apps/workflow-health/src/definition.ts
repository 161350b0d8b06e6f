import { checkWorkflows } from '@handoff/flow-check-health';
import type { FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'workflow-health',
  config: Config,
  routes: [],
  onSchedule: (context, config) => checkWorkflows(config.SPORT, context),
};
