import { PhaseTriggered } from '@handoff/contracts';
import { runProcessors } from '@handoff/flow-run-processors';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase3-analytics',
  config: Config,
  routes: [route('phase3-trigger', PhaseTriggered, runProcessors)],
};
