import { transitionDefinition } from '@handoff/flow-phase-transition';

export const definition = transitionDefinition('phase5-to-phase6');
