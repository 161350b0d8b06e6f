export { completionsOf, handoffRef, releasesOf, type CompletionDocument, type HandoffDocument, type ReleaseDocument } from './handoff-documents.ts';
export { loadGate, type GateQuestion } from './load-gate.ts';
