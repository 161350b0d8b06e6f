import { PhaseTriggered } from '@handoff/contracts';
import { publishExports } from '@handoff/flow-publish-exports';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase6-publish',
  config: Config,
  routes: [route('phase6-export-trigger', PhaseTriggered, publishExports)],
};
