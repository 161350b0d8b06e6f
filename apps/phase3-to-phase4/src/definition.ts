import { transitionDefinition } from '@handoff/flow-phase-transition';

export const definition = transitionDefinition('phase3-to-phase4');
