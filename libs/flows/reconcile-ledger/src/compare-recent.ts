import { transitions } from '@handoff/catalogue';
import { gameDate, type EpochMs, type ExpectedOutputRow, type Sport } from '@handoff/contracts';
import { compareFlags, wasLivedThrough } from '@handoff/ledger';
import type { Ports } from '@handoff/ports';
import { toldTo } from './told-rows.ts';

/** Compares what the hand-offs of the recent dates were told with the ledger's `rows` of them, and tells of what disagrees. */
export async function compareRecent(ports: Ports, sport: Sport, { rows, now }: { readonly rows: readonly ExpectedOutputRow[]; readonly now: EpochMs }): Promise<number> {
  let found = 0;
  for (const date of [...new Set(rows.map((row) => row.game_date))].map(gameDate)) {
    const ofDate = rows.filter((row) => row.game_date === date);
    // A history has no flags where it stops.
    if (!wasLivedThrough(ofDate)) continue;
    const disagreements = [];
    for (const transition of transitions) {
      const own = ofDate.filter((row) => row.phase === transition.from && row.flow === transition.flow);
      disagreements.push(...compareFlags({ rows: own, flags: await toldTo(ports, transition, { sport, date }), flagged: new Set(own.map(({ output }) => output)), now }));
    }
    const pairs = [...new Set(disagreements.map(({ finding, output, scope }) => `${finding}: ${output}|${scope}`))];
    if (pairs.length === 0) await ports.notifier.resolve('flags-and-outcomes-disagree', date, now);
    else await ports.notifier.alert({ cause: 'flags-and-outcomes-disagree', subject: date, severity: 'error', title: `${pairs.length} outputs of ${date} are not what the hand-offs say`, facts: { gameDate: date, pairs }, at: now });
    found += pairs.length;
  }
  return found;
}
