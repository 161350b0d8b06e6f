export { expectedDecisionsRef, readExpectedDecisions, type ExpectedDecisionsDocument } from './expected.ts';
export { decisionIdOf, evaluationRef, readEvaluations, scrapeRequestIdOf, scrapeRequestsOf, type EvaluationDocument, type KeptDecision } from './evaluations.ts';
