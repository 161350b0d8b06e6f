export { expectedDecisionsRef, readExpectedDecisions, type ExpectedDecisionsDocument } from './expected.ts';
export { decisionIdOf, evaluationRef, readEvaluations, scrapeRequestIdOf, type EvaluationDocument, type KeptDecision } from './evaluations.ts';
