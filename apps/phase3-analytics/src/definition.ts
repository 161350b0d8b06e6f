import { circuitBreakerConfigOf } from '@handoff/catalogue';
import { runProcessors } from '@handoff/flow-run-processors';
import { triggerRoute, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase3-analytics',
  config: Config,
  routes: [triggerRoute('phase3-trigger', (trigger, context, config) => runProcessors(trigger, context, circuitBreakerConfigOf(config)))],
};
