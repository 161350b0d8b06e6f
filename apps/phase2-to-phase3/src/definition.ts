import { transitionDefinition } from '@handoff/flow-phase-transition';

export const definition = transitionDefinition('phase2-to-phase3');
