export type { TracedAttempt, TracedGap } from './gaps-of-game.ts';
export { identifyGame, type IdentifiedGame } from './identify-game.ts';
export { traceGame, type TracedDate, type TracedGame, type TracedRelease, type TracedRetry, type TracedStep, type TraceRequest } from './trace-game.ts';
