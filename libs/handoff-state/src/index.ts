export { claimRef, claimsOf, workKeyOf, type ClaimDocument } from './claim-documents.ts';
export { completionsOf, handoffRef, releasesOf, type CompletionDocument, type HandoffDocument, type ReleaseDocument } from './handoff-documents.ts';
export { explainHandoff, type Explanation, type ExplainQuestion, type Move } from './explain-handoff.ts';
export { dueAtOf, loadGate, type GateQuestion } from './load-gate.ts';
export { dueAtOfFiring, tickKeyOf } from './tick-work.ts';
export { filesStoredOf, scrapeRef, type ScrapeDocument } from './scrape-documents.ts';
