import { circuitBreakerConfigOf } from '@handoff/catalogue';
import { FilesStored } from '@handoff/contracts';
import { loadRaw } from '@handoff/flow-load-raw';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase2-raw',
  config: Config,
  routes: [route('phase1-scrapers-complete', FilesStored, (message, context, config) => loadRaw(message, context, circuitBreakerConfigOf(config)))],
};
