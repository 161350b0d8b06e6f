import { reconcileLedger } from '@handoff/flow-reconcile-ledger';
import type { FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'ledger-reconciler',
  config: Config,
  routes: [],
  onSchedule: (context, config) => reconcileLedger(config.SPORT, context),
};
