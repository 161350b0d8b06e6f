export { TransitionConfig, transitionDefinition } from './transition-definition.ts';
