import { decideWorkflows } from '@handoff/flow-decide-workflows';
import type { FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'master-controller',
  config: Config,
  routes: [],
  onSchedule: (context, config) => decideWorkflows(config.SPORT, context),
};
