import { circuitBreakerConfigOf } from '@handoff/catalogue';
import { runProcessors } from '@handoff/flow-run-processors';
import { triggerRoute, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase4-features',
  config: Config,
  routes: [triggerRoute('phase4-trigger', (trigger, context, config) => runProcessors(trigger, context, circuitBreakerConfigOf(config)))],
};
