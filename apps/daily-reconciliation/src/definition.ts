import { reconcileDay } from '@handoff/flow-reconcile-day';
import type { FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'daily-reconciliation',
  config: Config,
  routes: [],
  onSchedule: (context, _, { scheduledAt }) => reconcileDay(scheduledAt, context),
};
