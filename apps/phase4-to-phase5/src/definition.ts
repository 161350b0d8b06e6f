import { transitionDefinition } from '@handoff/flow-phase-transition';

export const definition = transitionDefinition('phase4-to-phase5');
