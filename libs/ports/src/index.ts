export type { Clock, Random } from './clock.ts';
export { documentId } from './document-id.ts';
export { route, type BoundWork, type FunctionDefinition, type MessageRoute } from './function-definition.ts';
export type { HttpSource, SourceRequest, SourceResponse } from './http-source.ts';
export type { DelayQueue, Delivery, MessageBus, OutgoingMessage } from './message-bus.ts';
export type { Alert, Notifier, Severity } from './notifier.ts';
export type { ObjectStore, StoredObject } from './object-store.ts';
export { publishEach } from './publish-each.ts';
export type { FlowContext, FlowReport, Log, LogFields, Ports } from './ports.ts';
export type { ScheduledFiring, Scheduler } from './scheduler.ts';
export type { StateDocument, StateFilter, StateQuery, StateRef, StateStore, StateWrite, VersionedDocument } from './state-store.ts';
export type {
  MergeRequest, MergeResult, MergeScope, Parameter, Parameters, Statement, Warehouse, WarehouseCounters,
} from './warehouse.ts';
