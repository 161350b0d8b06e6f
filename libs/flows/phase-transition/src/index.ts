export { TransitionConfig, transitionDefinition } from './transition-definition.ts';
export { handoffRef, releasesOf, type HandoffDocument, type ReleaseDocument } from './handoff-documents.ts';
