import { healingPolicy } from '@handoff/catalogue';
import { partsOfPair } from '@handoff/contracts';
import { gapKey, isOpen, type Gap } from '@handoff/ledger';
import { unitKey } from '../outcome/read-contents.ts';
import type { Evidence, Invariant } from './invariant.ts';

export const gapsClosedWithRows: Invariant = {
  name: 'gaps-closed-with-rows',
  promise: 'No gap is closed whose rows are not there, unless it has been opened again.',
  violations: (evidence) => {
    const reopened = new Set(evidence.run.gaps.filter(isOpen).map(gapKey));
    const closed = evidence.run.gaps.filter((gap) => gap.status === 'closed' && !reopened.has(gapKey(gap)));
    return closed.flatMap((gap) => gap.missing.filter((pair) => !isThere(gap, pair, evidence)).map((pair) => `${gapKey(gap)} is closed, and ${pair} is not there`));
  },
};

/** Of a date that was not lived through nothing is read back. */
function isThere({ gameDate }: Gap, pair: string, { run, clean }: Evidence): boolean {
  const { output, scope } = partsOfPair(pair);
  const entry = run.ledger.find((row) => row.gameDate === gameDate && row.output === output && row.scope === scope);
  if (entry === undefined || entry.state === 'EMPTY_OK') return true;
  const key = unitKey(gameDate, output, scope);
  return (entry.state === 'COMPLETE' || entry.state === 'DEGRADED') && (run.contents.units[key] !== undefined || clean.contents.units[key] === undefined);
}

export const repairsWithinBudget: Invariant = {
  name: 'repairs-within-budget',
  promise: `At most ${healingPolicy.actionsPerRunMax} repairs of gaps are begun at once.`,
  violations: ({ run }) => {
    const begun = new Map<number, number>();
    for (const { at } of run.gaps.flatMap(({ attempts }) => attempts)) begun.set(at, (begun.get(at) ?? 0) + 1);
    return [...begun.values()].filter((count) => count > healingPolicy.actionsPerRunMax).map((count) => `${count} repairs were begun at once, at most ${healingPolicy.actionsPerRunMax} were to be`);
  },
};
