import { publishExports } from '@handoff/flow-publish-exports';
import { triggerRoute, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase6-publish',
  config: Config,
  routes: [triggerRoute('phase6-export-trigger', publishExports)],
};
