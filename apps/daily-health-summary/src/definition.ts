import { sendDaySummary } from '@handoff/flow-check-health';
import type { FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'daily-health-summary',
  config: Config,
  routes: [],
  onSchedule: (context, config, { scheduledAt }) => sendDaySummary({ sport: config.SPORT, dueAt: scheduledAt }, context),
};
