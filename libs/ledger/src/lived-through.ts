import { outputs, transitions, type Output } from '@handoff/catalogue';
import type { ExpectedOutputRow } from '@handoff/contracts';

/** What a date that is loaded as history holds: what the sources have of it, and what is derived where a history goes on. */
export const isOfHistory = ({ phase, flow, recovery }: Output): boolean =>
  recovery === 'convergent' && (phase === 'phase2' || transitions.some(({ to, flow: of, purposes }) => to === phase && of === flow && purposes.includes('history')));

/** The outputs that are expected of a history. */
export const outputsOfHistory: readonly string[] = outputs.filter(isOfHistory).map(({ name }) => name);

/**
 * Whether a game date was lived through here or loaded as history, by what the ledger expects of it: of a history it
 * expects nothing that is made before a game, and no grades.
 */
export const wasLivedThrough = (rows: readonly Pick<ExpectedOutputRow, 'output'>[]): boolean => rows.some(({ output }) => !outputsOfHistory.includes(output));
