export { expectedDecisionsRef, readExpectedDecisions, type ExpectedDecisionsDocument } from './expected.ts';
export { evaluationRef, readEvaluations, type EvaluationDocument, type KeptDecision } from './evaluations.ts';
