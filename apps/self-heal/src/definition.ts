import { GapsDetected } from '@handoff/contracts';
import { healGaps } from '@handoff/flow-heal-gaps';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'self-heal',
  config: Config,
  routes: [route('gaps-detected', GapsDetected, (message, context) => healGaps({ sport: message.sport }, context))],
  onSchedule: (context, config) => healGaps({ sport: config.SPORT }, context),
};
