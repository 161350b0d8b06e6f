import type { JudgedFault } from './invariant.ts';

const hourMs = 60 * 60_000;

/**
 * How long the machine has to make good what a fault did: three hours for the repairs of a gap and what follows from
 * them, and as long as the fault lasted, at most twelve hours, since a source that stays away is asked ever more rarely.
 */
export const healingMs = ({ firstAt, lastAt }: JudgedFault): number => 3 * hourMs + Math.min(12 * hourMs, lastAt - firstAt);
