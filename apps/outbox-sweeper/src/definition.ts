import { sweepOutbox } from '@handoff/flow-sweep-outbox';
import type { FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'outbox-sweeper',
  config: Config,
  routes: [],
  onSchedule: (context) => sweepOutbox(context),
  publishesHistory: true,
};
