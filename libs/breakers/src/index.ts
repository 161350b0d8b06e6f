export { breakerOpen } from './breaker-open.ts';
export { breakerRef, subjectOf, type BreakerDocument, type BreakerName, type EntityName } from './breaker-documents.ts';
export { CircuitBreakers, type BreakerPorts, type WritePath } from './circuit-breakers.ts';
export { entitiesOfBoxScores, EntityBreakers, type EntityPorts, type EntityRun, type FoundEntity, type LeftOut } from './entity-breakers.ts';
export { listBreakers, resetBreakers, selectBreakers, type BreakerSelection, type ListedBreaker } from './operate-breakers.ts';
