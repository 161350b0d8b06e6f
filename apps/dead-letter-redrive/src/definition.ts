import { keepDeadLetter } from '@handoff/flow-keep-dead-letters';
import type { FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'dead-letter-redrive',
  config: Config,
  routes: [],
  onDeadLetter: (letter, context) => keepDeadLetter(letter, context),
};
