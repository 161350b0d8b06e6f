export { completionsOf, handoffRef, releasesOf, type CompletionDocument, type HandoffDocument, type ReleaseDocument } from './handoff-documents.ts';
export { explainHandoff, type Explanation, type ExplainQuestion, type Move } from './explain-handoff.ts';
export { loadGate, type GateQuestion } from './load-gate.ts';
