export type { Clock, Random } from './clock.ts';
export { documentId } from './document-id.ts';
export { guarded } from './guarded.ts';
export { question, route, triggerRoute, type BoundWork, type FunctionDefinition, type MessageRoute, type Question } from './function-definition.ts';
export type { HttpSource, SourceRequest, SourceResponse } from './http-source.ts';
export type { DeadLetter, DelayQueue, Delivery, MessageBus, OutgoingMessage } from './message-bus.ts';
export type { Alert, Bulletin, IncidentReview, Notice, NoticeChannel, Notifier, Severity, StandingIncident } from './notifier.ts';
export { refuseObjectPath } from './object-path.ts';
export { expiryField, type DocumentLifetime } from './document-lifetime.ts';
export { indexKey, indexNeededBy, refuseWithoutIndex, type CompositeIndex, type IndexedField } from './composite-index.ts';
export type { ObjectStore, StoredObject } from './object-store.ts';
export { supersede } from './supersede.ts';
export { publishEach } from './publish-each.ts';
export type { FlowContext, FlowReport, Log, LogFields, Ports, RunRecord } from './ports.ts';
export type { ScheduledFiring, Scheduler } from './scheduler.ts';
export { batchWritesMax, documentName, refuseBadRef, stateRefusals } from './state-refusals.ts';
export type { StateDocument, StateFilter, StateQuery, StateRef, StateStore, StateWrite, VersionedDocument } from './state-store.ts';
export type {
  MergeOrder, MergeRequest, MergeResult, MergeScope, Parameter, Parameters, Statement, StreamedRows, Superseded, Warehouse, WarehouseCounters,
} from './warehouse.ts';
export { streamingBufferSpan } from './warehouse.ts';
