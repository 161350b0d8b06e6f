/** The environment of this function: every transition has the same. */
export { TransitionConfig as Config } from '@handoff/flow-phase-transition';
