import { retryWork } from '@handoff/flow-retry-work';
import type { FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'auto-retry-processor',
  config: Config,
  routes: [],
  onSchedule: (context) => retryWork(context),
};
