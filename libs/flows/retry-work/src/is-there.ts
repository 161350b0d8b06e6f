import { withStandIns } from '@handoff/catalogue';
import { pairOf } from '@handoff/contracts';
import type { ObservedOutput } from '@handoff/read-models';
import type { AwaitedRows } from '@handoff/retry';

/** Whoever brought them: rows of an output that stands in for another will do, unless it has lost some itself. */
export function isThere({ gameDate: date, outputs: names, games, least = {} }: AwaitedRows, observed: readonly ObservedOutput[]): boolean {
  const ofDate = observed.filter((row) => row.game_date === date && row.row_count >= (least[pairOf(row.output, row.scope)] ?? 1));
  const hasLost = (name: string, scope: string): boolean => least[pairOf(name, scope)] !== undefined;
  return names.every((name) => {
    if (games.length === 0) return ofDate.some(({ output }) => output === name || (!hasLost(name, 'slate') && withStandIns(name).some((one) => one === output)));
    return games.every((game) => ofDate.some(({ output, scope }) => (scope === game || scope === 'slate') && (output === name || (!hasLost(name, game) && withStandIns(name).some((one) => one === output)))));
  });
}
