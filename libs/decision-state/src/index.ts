export { evaluationRef, readEvaluations, type EvaluationDocument, type KeptDecision } from './evaluations.ts';
