import { checkPhases } from '@handoff/flow-check-health';
import type { FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase-monitor',
  config: Config,
  routes: [],
  onSchedule: (context, config) => checkPhases(config.SPORT, context),
};
