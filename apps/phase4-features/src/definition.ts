import { PhaseTriggered } from '@handoff/contracts';
import { runProcessors } from '@handoff/flow-run-processors';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase4-features',
  config: Config,
  routes: [route('phase4-trigger', PhaseTriggered, runProcessors)],
};
